-- The desk: what agents have to do, calls that are going on, and what each agent is at.

-- What waits for an agent. Of one kind and subject there is at most one that is not done.
CREATE TABLE desk_items (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    message_id INTEGER,
    run_id INTEGER,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    is_urgent BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    ready_at INTEGER NOT NULL,
    claimed_by INTEGER,
    claimed_at INTEGER,
    done_by INTEGER,
    done_at INTEGER,
    outcome TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES runs (tenant_id, id)
);
CREATE INDEX desk_items_open ON desk_items (tenant_id, id) WHERE state <> 'done';
CREATE UNIQUE INDEX desk_items_once ON desk_items (tenant_id, kind, subject) WHERE state <> 'done' AND subject <> '';
CREATE INDEX desk_items_of_message ON desk_items (tenant_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX desk_items_of_run ON desk_items (tenant_id, run_id) WHERE run_id IS NOT NULL;

-- How far a call has come. Its row in calls is made at the first event; its detail record comes later.
CREATE TABLE live_calls (
    tenant_id INTEGER NOT NULL,
    call_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    agent_id INTEGER,
    rang_at INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at INTEGER,
    saved_at INTEGER,
    heard_at INTEGER,
    sequence INTEGER,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, call_id),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);
CREATE INDEX live_calls_open ON live_calls (tenant_id, call_id) WHERE state <> 'over';
CREATE INDEX live_calls_newest ON live_calls (tenant_id, rang_at);
CREATE INDEX live_calls_by_age ON live_calls (updated_at);

-- What an agent said to be at. Whether it is on a call, its calls say.
CREATE TABLE agent_states (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

-- Earlier messages of a caller.
CREATE INDEX messages_by_caller ON messages (tenant_id, account_id, caller_id, created_at);
