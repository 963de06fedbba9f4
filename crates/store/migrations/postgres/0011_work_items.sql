-- What waits for an agent is a work item, in the database as everywhere else.
ALTER TABLE desk_items RENAME TO work_items;
ALTER INDEX desk_items_open RENAME TO work_items_open;
ALTER INDEX desk_items_once RENAME TO work_items_once;
ALTER INDEX desk_items_of_message RENAME TO work_items_of_message;
ALTER INDEX desk_items_of_run RENAME TO work_items_of_run;
