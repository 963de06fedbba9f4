-- What a caller chose in the switch's menu.
ALTER TABLE live_calls ADD COLUMN menu_choice TEXT NOT NULL DEFAULT '';

-- The line that a To Do goes out on, where it names none: the first one of its account.
UPDATE to_dos SET phone_id = (SELECT min(dids.id) FROM dids
    WHERE dids.tenant_id = to_dos.tenant_id AND dids.account_id = to_dos.account_id)
    WHERE phone_id IS NULL AND from_number IS NULL AND delivery_type <> 'email';
