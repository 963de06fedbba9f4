-- First answers to creates, by the key that their sender gave: the same key gets the same answer.
-- A row is written in the transaction that creates, and removed after a day.

CREATE TABLE idempotency_keys (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id, route, key),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
