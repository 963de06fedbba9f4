-- Webhooks: where an account's events are posted to, the events, and every post of each.

CREATE TABLE webhooks (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    kinds TEXT NOT NULL,
    secret TEXT NOT NULL,
    old_secret TEXT NOT NULL,
    old_secret_until INTEGER,
    failing_since INTEGER,
    disabled_at INTEGER,
    disabled_why TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX webhooks_of_account ON webhooks (tenant_id, account_id) WHERE deleted_at IS NULL;

-- What happened, as it is told: the body is the state at that moment, the same in every post.
CREATE TABLE hook_events (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX hook_events_by_age ON hook_events (created_at);

-- An event on its way to a webhook. Topic and subject say which events come in order.
CREATE TABLE hook_deliveries (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook_id INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    detail TEXT NOT NULL,
    next_at INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id)
);
CREATE INDEX hook_deliveries_log ON hook_deliveries (tenant_id, webhook_id, id);
CREATE INDEX hook_deliveries_open ON hook_deliveries (tenant_id, webhook_id, topic, subject_id, id) WHERE finished_at IS NULL;
CREATE INDEX hook_deliveries_by_age ON hook_deliveries (created_at);

CREATE TABLE hook_attempts (
    tenant_id INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    status INTEGER,
    detail TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (tenant_id, delivery_id, number)
);
CREATE INDEX hook_attempts_by_age ON hook_attempts (started_at);
