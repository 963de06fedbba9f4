-- What was taken in a call is found by the call.

CREATE INDEX messages_by_call ON messages (tenant_id, call_id) WHERE call_id IS NOT NULL;
