-- What waits for an agent is a work item, in the database as everywhere else.
ALTER TABLE desk_items RENAME TO work_items;
DROP INDEX desk_items_open;
DROP INDEX desk_items_once;
DROP INDEX desk_items_of_message;
DROP INDEX desk_items_of_run;
CREATE INDEX work_items_open ON work_items (tenant_id, id) WHERE state <> 'done';
CREATE UNIQUE INDEX work_items_once ON work_items (tenant_id, kind, subject) WHERE state <> 'done' AND subject <> '';
CREATE INDEX work_items_of_message ON work_items (tenant_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX work_items_of_run ON work_items (tenant_id, run_id) WHERE run_id IS NOT NULL;
