-- The message desk: ways to reach people, escalation, closing actions, digests, codes to reply with.

-- A contact's own ways to be reached, tried in their order. None: its e-mail and phone.
CREATE TABLE contact_ways (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    hours TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_ways_of_contact ON contact_ways (tenant_id, contact_id, position);

-- Members are contact ids in order; one who was removed from the directory is passed over.
CREATE TABLE contact_groups (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    members TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, account_id, name),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

CREATE TABLE escalation_policies (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    ack_expires_ms INTEGER,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, account_id, name),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

CREATE TABLE escalation_levels (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    policy_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    delay_ms INTEGER NOT NULL,
    targets TEXT NOT NULL,
    channels TEXT NOT NULL,
    manner TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, policy_id) REFERENCES escalation_policies (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX escalation_levels_of_policy ON escalation_levels (tenant_id, policy_id, position);

CREATE TABLE closing_action_groups (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    usage TEXT NOT NULL,
    timing TEXT NOT NULL,
    actions TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, account_id, name),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

-- An account's own words for what goes out; an account without a row, and an empty text, has ours.
CREATE TABLE wordings (
    tenant_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    sms TEXT NOT NULL,
    subject TEXT NOT NULL,
    email TEXT NOT NULL,
    call TEXT NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

-- Where a message stands on its escalation policy; the message's own columns say the rest.
CREATE TABLE escalations (
    tenant_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    round INTEGER NOT NULL,
    phase TEXT NOT NULL,
    tellings INTEGER NOT NULL,
    ack_until INTEGER,
    PRIMARY KEY (tenant_id, message_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
);

CREATE INDEX escalations_of_policy ON escalations (tenant_id, policy_id) WHERE phase IN ('climbing', 'resuming');

-- Messages that went out together.
CREATE TABLE digests (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    closing_action_group_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE TABLE digest_messages (
    tenant_id INTEGER NOT NULL,
    digest_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, digest_id, message_id),
    FOREIGN KEY (tenant_id, digest_id) REFERENCES digests (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
);
CREATE INDEX digests_of_message ON digest_messages (tenant_id, message_id);
CREATE INDEX messages_held ON messages (tenant_id, closing_action_group_id) WHERE status = 'held';

-- The code that somebody replies with by text, of what was sent to that phone. A phone's codes go
-- round; the newest holder of a code has it.
CREATE TABLE reply_codes (
    tenant_id INTEGER NOT NULL,
    phone TEXT NOT NULL,
    code INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    contact_id INTEGER,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, phone, code),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
);

ALTER TABLE deliveries ADD COLUMN telling INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN digest_id INTEGER;
