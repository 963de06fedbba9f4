-- Calls that ended without a message or an outcome from the agent who had them.
CREATE INDEX live_calls_unsaved ON live_calls (tenant_id, call_id)
    WHERE state = 'over' AND agent_id IS NOT NULL AND saved_at IS NULL;
