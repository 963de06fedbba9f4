-- Forms with sections, of lines too, and drafts of them.

-- The line that a form is for; 0: every line of the account that has none of its own.
ALTER TABLE forms ADD COLUMN did_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE forms ADD COLUMN published_by TEXT NOT NULL DEFAULT '';
-- When the line went back to the account's form.
ALTER TABLE forms ADD COLUMN retired_at BIGINT;

CREATE TABLE form_drafts (
    tenant_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    did_id BIGINT NOT NULL,
    fields TEXT NOT NULL,
    revision BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account_id, did_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
