-- What the API pages by (decision 0009).

-- The transaction that wrote a row; null in rows of before. A volatile default given with the column would be one value for
-- all of those.
alter table statement
  add column transaction xid8,
  -- First 16 bytes of the SHA-256 of the activity's IRI; null where a statement is about no activity.
  add column activity_hash uuid;
alter table statement alter column transaction set default pg_current_xact_id();

-- A body may hold \u0000 or a lone surrogate, which json takes and text does not.
create function pg_temp.activity_hash(body json) returns uuid language plpgsql as $$
declare
  object json;
begin
  object := case when body::text ~ '\\u(0000|[dD][89a-fA-F])'
                 then regexp_replace(body::text, '\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\\ufffd', 'g')::json
                 else body end -> 'object';
  if coalesce(object->>'objectType', 'Activity') <> 'Activity' then return null; end if;
  return encode(substring(sha256(convert_to(object->>'id', 'UTF8')) from 1 for 16), 'hex')::uuid;
end $$;
update statement set activity_hash = pg_temp.activity_hash(body) where body is not null;
drop function pg_temp.activity_hash(json);

drop index statement_agent;
create index statement_agent on statement (agent_key, stored, id) where agent_key is not null;
create index statement_activity on statement (activity_hash, stored, id) where activity_hash is not null;

create index agent_email on agent (lower(email));
create index agent_identity_email on agent_identity (lower(email));
