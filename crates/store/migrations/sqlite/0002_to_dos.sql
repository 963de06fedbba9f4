-- To Dos: what is scheduled, what became of each occurrence, and deliveries that carry more than messages.

ALTER TABLE contacts ADD COLUMN zone TEXT NOT NULL DEFAULT '';

-- An account without a row has the usual rules.
CREATE TABLE sending_rules (
    tenant_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    quiet_from INTEGER,
    quiet_until INTEGER,
    quiet_policy TEXT NOT NULL,
    per_minute INTEGER NOT NULL,
    per_day INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

CREATE TABLE to_dos (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    phone_id INTEGER,
    delivery_type TEXT NOT NULL,
    instructions TEXT,
    contact TEXT NOT NULL,
    message_text TEXT NOT NULL,
    run_at INTEGER,
    from_number TEXT,
    subject TEXT,
    from_email TEXT,
    sender_name TEXT,
    misfire TEXT NOT NULL,
    grace_ms INTEGER NOT NULL,
    overlap TEXT NOT NULL,
    if_unsure TEXT NOT NULL,
    paused_at INTEGER,
    revision INTEGER NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX to_dos_of_account ON to_dos (tenant_id, account_id, id);

CREATE TABLE schedules (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    to_do_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    times TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    previous_at INTEGER,
    next_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, to_do_id),
    FOREIGN KEY (tenant_id, to_do_id) REFERENCES to_dos (tenant_id, id)
);

-- One row for each occurrence that came due, sent or not.
CREATE TABLE runs (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    to_do_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, to_do_id, due_at),
    FOREIGN KEY (tenant_id, to_do_id) REFERENCES to_dos (tenant_id, id)
);
CREATE INDEX runs_open ON runs (tenant_id, to_do_id) WHERE finished_at IS NULL;

-- Deliveries anew: they may carry a message, a run of a To Do, or an answer to a text.
CREATE TABLE deliveries_2 (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    message_id INTEGER,
    run_id INTEGER,
    contact_id INTEGER,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    reach TEXT NOT NULL,
    key TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    crashes INTEGER NOT NULL,
    pinned TEXT NOT NULL,
    carrier TEXT NOT NULL,
    if_unsure TEXT NOT NULL,
    detail TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
);
INSERT INTO deliveries_2 SELECT deliveries.tenant_id, deliveries.id, messages.account_id, message_id, NULL,
    deliveries.contact_id, channel, deliveries.address, recipient, '', '', subject, body, deliveries.state,
    CASE deliveries.state WHEN 'sent' THEN 'carrier' ELSE '' END, key, attempts, 0, '', '', 'repeat', detail,
    deliveries.created_at + 86400000, deliveries.created_at, deliveries.updated_at
FROM deliveries JOIN messages ON messages.tenant_id = deliveries.tenant_id AND messages.id = message_id;

CREATE TABLE attempts_2 (
    tenant_id INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    carrier TEXT NOT NULL,
    may_double BOOLEAN NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (tenant_id, delivery_id, number),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES deliveries_2 (tenant_id, id)
);
INSERT INTO attempts_2 SELECT tenant_id, delivery_id, number, '', FALSE, started_at, finished_at, outcome, detail
FROM attempts;

DROP TABLE attempts;
DROP TABLE deliveries;
ALTER TABLE deliveries_2 RENAME TO deliveries;
ALTER TABLE attempts_2 RENAME TO attempts;
CREATE INDEX deliveries_of_message ON deliveries (tenant_id, message_id, id) WHERE message_id IS NOT NULL;
CREATE INDEX deliveries_of_run ON deliveries (tenant_id, run_id) WHERE run_id IS NOT NULL;
CREATE INDEX deliveries_captured ON deliveries (tenant_id, id) WHERE state = 'captured';

-- A carrier's own ids of what it took, for its later reports: one for each part of a long text. A
-- report may come before we know the id (early; no delivery yet). A carrier serves several tenants,
-- so the tenant is what is looked for here; like jobs it stays on the coordinator of a Citus cluster.
CREATE TABLE carrier_references (
    carrier TEXT NOT NULL,
    reference TEXT NOT NULL,
    tenant_id INTEGER NOT NULL,
    delivery_id INTEGER,
    arrived BOOLEAN NOT NULL,
    early TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (carrier, reference)
);
CREATE INDEX carrier_references_of_delivery ON carrier_references (tenant_id, delivery_id);
CREATE INDEX carrier_references_by_age ON carrier_references (created_at);

-- How much was sent in a window of time: by account and channel, and by address.
CREATE TABLE spending (
    tenant_id INTEGER NOT NULL,
    purse TEXT NOT NULL,
    window_at INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, purse, window_at)
);
CREATE INDEX spending_by_age ON spending (window_at);

-- Phones that asked for no more texts.
CREATE TABLE opt_outs (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id),
    address TEXT NOT NULL,
    word TEXT NOT NULL,
    opted_out_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, address)
);

-- Texts that people sent to us, and what was made of them.
CREATE TABLE inbound_texts (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    carrier TEXT NOT NULL,
    reference TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    text TEXT NOT NULL,
    meaning TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX inbound_texts_once ON inbound_texts (tenant_id, carrier, reference) WHERE reference <> '';

-- Each kind of work has a queue of its own; a subject stands in it once.
UPDATE jobs SET kind = 'deliver_email' WHERE kind = 'deliver';
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (kind, due_at);
CREATE UNIQUE INDEX jobs_of_subject ON jobs (tenant_id, kind, subject_id);
