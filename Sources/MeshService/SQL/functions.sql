-- What the service and the workers do in one round trip each.
set role mesh_owner;
set search_path = mesh;

-- Takes a delivery: run, first event, first log line and job, or the run of an earlier delivery with the same key.
-- `created`, `repeated` or `conflict`. `p_correlation` is one delivery's alone; `p_mark` is said by a call out, and several
-- deliveries may share it.
drop function if exists take_delivery(text, text, text, text, text, text, text, bytea, jsonb, integer, text);
create or replace function take_delivery(
  p_id text, p_spare text, p_project text, p_slug text, p_workflow text, p_correlation text, p_mark text, p_key text,
  p_hash bytea, p_payload jsonb, p_max_attempts integer, p_line text,
  out o_run text, out o_outcome text
) language plpgsql set search_path = mesh as $$
declare
  earlier record;
begin
  insert into workflow_runs (id, project_id, workflow_id, slug, correlation_id, idempotency_key, body_hash)
    values (p_id, p_project, p_workflow, p_slug, p_correlation, p_key, p_hash)
    on conflict do nothing returning id into o_run;
  if o_run is null and p_key is not null then
    select id, body_hash into earlier from workflow_runs where project_id = p_project and idempotency_key = p_key;
    if found then
      o_run := earlier.id;
      o_outcome := case when earlier.body_hash = p_hash then 'repeated' else 'conflict' end;
      return;
    end if;
  end if;
  if o_run is null then
    insert into workflow_runs (id, project_id, workflow_id, slug, correlation_id, idempotency_key, body_hash)
      values (p_spare, p_project, p_workflow, p_slug, p_correlation, p_key, p_hash) returning id into o_run;
  end if;
  insert into workflow_events (project_id, run_id, type, payload) values (p_project, o_run, 'run_created', p_payload);
  insert into logs (project_id, run_id, level, message) values (p_project, o_run, 'info', p_line);
  insert into jobs (project_id, run_id, workflow_id, max_attempts, correlation_id)
    values (p_project, o_run, p_workflow, p_max_attempts, p_mark);
  o_outcome := 'created';
end $$;

-- Takes up to `p_limit` due jobs for `p_worker`. One that was locked before belonged to a worker that died: that counts as
-- an attempt.
drop function if exists claim_jobs(text, integer, interval);
create function claim_jobs(p_worker text, p_limit integer, p_lock interval)
returns table (o_id bigint, o_lock bigint, o_project text, o_run text, o_workflow text, o_step integer,
  o_attempt integer, o_max_attempts integer, o_started boolean, o_correlation text)
language sql set search_path = mesh as $$
  with due as materialized (
    select id from jobs where visible_at <= clock_timestamp() order by visible_at limit p_limit for update skip locked
  )
  update jobs set
    attempt = attempt + (locked_until is not null)::integer,
    visible_at = clock_timestamp() + p_lock,
    locked_until = clock_timestamp() + p_lock,
    lock = nextval('job_locks'),
    worker = p_worker
  from due where jobs.id = due.id
  returning jobs.id, jobs.lock, jobs.project_id, jobs.run_id, jobs.workflow_id, jobs.step, jobs.attempt, jobs.max_attempts,
    jobs.started, jobs.correlation_id
$$;

-- Milliseconds until the next job is due, null where none is left.
create or replace function next_job_in() returns double precision language sql volatile set search_path = mesh as $$
  select extract(epoch from min(visible_at) - clock_timestamp()) * 1000 from jobs
$$;

-- Writes what a worker did for jobs of one project: events and log lines in their order, the state of each run, and the
-- job's next due time, or its end. Only jobs that the worker still holds count; answers their number.
--   {"jobs":[{"id","lock","run","status","step","attempt","wait":ms|null,"dead":bool,"error"}],
--    "events":[{"run","type","payload"}],"logs":[{"run","level","message"}]}
create or replace function write_progress(p jsonb) returns integer language plpgsql set search_path = mesh as $$
declare
  mine text[];
  project text := current_setting('app.project_id');
begin
  select coalesce(array_agg(held.run_id), '{}') into mine from (
    select jobs.run_id from jsonb_to_recordset(p->'jobs') as i(id bigint, lock bigint)
      join jobs on jobs.id = i.id and jobs.lock = i.lock
      order by jobs.id for update of jobs) as held;
  insert into workflow_events (project_id, run_id, type, payload)
    select project, e.run, e.type, coalesce(e.payload, '{}')
      from rows from (jsonb_to_recordset(p->'events') as (run text, type text, payload jsonb))
        with ordinality as e(run, type, payload, place)
      where e.run = any (mine) order by e.place;
  insert into logs (project_id, run_id, level, message)
    select project, l.run, l.level, l.message
      from rows from (jsonb_to_recordset(p->'logs') as (run text, level text, message text))
        with ordinality as l(run, level, message, place)
      where l.run = any (mine) order by l.place;
  update workflow_runs set
      status = i.status,
      attempt = i.attempt,
      started_at = coalesce(started_at, clock_timestamp()),
      finished_at = case when i.wait is null then clock_timestamp() end,
      error = i.error,
      delay_ms = delay_ms + coalesce(i.wait, 0),
      changed = current_writer()
    from jsonb_to_recordset(p->'jobs') as i(run text, status text, attempt integer, wait double precision, error text)
    where workflow_runs.id = i.run and i.run = any (mine)
      and ((workflow_runs.status, workflow_runs.attempt) is distinct from (i.status, i.attempt) or i.wait > 0);
  insert into dead_letters (job_id, project_id, run_id, reason, last_step)
    select i.id, project, i.run, coalesce(i.error, 'failed'), i.step
      from jsonb_to_recordset(p->'jobs') as i(id bigint, run text, step integer, dead boolean, error text)
      where i.dead and i.run = any (mine);
  delete from jobs using jsonb_to_recordset(p->'jobs') as i(id bigint, run text, wait double precision)
    where jobs.id = i.id and i.wait is null and i.run = any (mine);
  update jobs set
      step = i.step,
      attempt = i.attempt,
      started = true,
      visible_at = clock_timestamp() + i.wait * interval '1 millisecond',
      locked_until = null,
      lock = null,
      worker = null
    from jsonb_to_recordset(p->'jobs') as i(id bigint, run text, step integer, attempt integer, wait double precision)
    where jobs.id = i.id and i.wait is not null and i.run = any (mine);
  return cardinality(mine);
end $$;

-- A worker says that it is there.
create or replace function worker_seen(
  p_name text, p_pid integer, p_busy double precision, p_done bigint, p_calls bigint, p_waited double precision
) returns void language sql set search_path = mesh as $$
  insert into workers (name, pid, busy_ratio, jobs_done, dependency_calls, dependency_wait_seconds)
    values (p_name, p_pid, p_busy, p_done, p_calls, p_waited)
    on conflict (name) do update set pid = p_pid, seen_at = clock_timestamp(), busy_ratio = p_busy, jobs_done = p_done,
      dependency_calls = p_calls, dependency_wait_seconds = p_waited
$$;

-- Takes the next place at the planted dependency, of which one comes free every `p_pace` seconds for all workers together;
-- how many seconds away it is.
create or replace function reserve_call(p_pace double precision) returns double precision
language sql set search_path = mesh as $$
  update dependency set free_at = greatest(free_at, clock_timestamp()) + p_pace * interval '1 second' where id = 1
    returning greatest(0, extract(epoch from free_at - clock_timestamp()) - p_pace)
$$;

-- When a row was committed, where the server keeps it (track_commit_timestamp), else when it was written.
create or replace function commit_time(p_writer bigint, p_written timestamptz) returns timestamptz
language plpgsql stable set search_path = mesh as $$
begin
  if current_setting('track_commit_timestamp') <> 'on' then return p_written; end if;
  return coalesce(pg_xact_commit_timestamp(((p_writer & 4294967295)::text)::xid), p_written);
exception when others then
  return p_written;
end $$;

-- As RFC 3339 writes it, to the microsecond.
create or replace function rfc3339(p_time timestamptz) returns text language sql immutable as $$
  select to_char(p_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
reset role;

-- Which hook is whose, for every project: asked by the service before it knows whom a delivery is for.
create or replace function mesh.routes() returns table (o_project text, o_slug text, o_workflow text, o_scheme text,
  o_tolerance integer, o_wants_json boolean, o_rate integer, o_burst integer)
language sql stable security definer set search_path = mesh as $$
  select h.project_id, h.slug, h.workflow_id, h.scheme, h.tolerance_s, h.wants_json, p.rate_limit_rps, p.burst
    from hooks h join projects p on p.id = h.project_id order by h.slug
$$;
create or replace function mesh.active_keys() returns table (o_project text, o_key text)
language sql stable security definer set search_path = mesh as $$
  select project_id, encode(key_encrypted, 'hex') from signature_keys where status = 'active' order by id
$$;
create or replace function mesh.workflows() returns table (o_project text, o_workflow text, o_definition text)
language sql stable security definer set search_path = mesh as $$
  select project_id, id, definition::text from workflow_definitions where status = 'published'
$$;
do $$
declare
  name text;
begin
  foreach name in array array['mesh.routes()', 'mesh.active_keys()', 'mesh.workflows()'] loop
    execute format('alter function %s owner to mesh_router', name);
    execute format('revoke all on function %s from public', name);
  end loop;
end $$;
grant execute on function mesh.routes(), mesh.active_keys() to mesh_app;
grant execute on function mesh.workflows() to mesh_app, mesh_worker;

-- How full the queue is, and who works.
create or replace function mesh.queue_status(
  out o_depth bigint, out o_oldest double precision, out o_waiting bigint, out o_running bigint, out o_dead bigint,
  out o_workers bigint, out o_busy double precision, out o_done bigint, out o_calls bigint, out o_waited double precision
) language plpgsql stable security definer set search_path = mesh as $$
begin
  select count(*) filter (where visible_at <= now() or locked_until is not null),
      coalesce(extract(epoch from now() - min(visible_at) filter (where visible_at <= now())), 0),
      count(*) filter (where visible_at > now() and locked_until is null)
    into o_depth, o_oldest, o_waiting from jobs;
  select count(*) into o_running from workflow_runs where status in ('queued', 'running') and status = 'running';
  select count(*) into o_dead from dead_letters;
  select count(*) filter (where seen_at > now() - interval '5 seconds'),
      coalesce(avg(busy_ratio) filter (where seen_at > now() - interval '5 seconds'), 0),
      coalesce(sum(jobs_done), 0), coalesce(sum(dependency_calls), 0), coalesce(sum(dependency_wait_seconds), 0)
    into o_workers, o_busy, o_done, o_calls, o_waited from workers;
end $$;

-- What sessions of the database are doing: how many run, and how many wait for what kind of thing.
create or replace function mesh.database_status() returns table (o_wait text, o_sessions bigint)
language sql stable security definer set search_path = mesh as $$
  select coalesce(wait_event_type, 'running'), count(*) from pg_stat_activity
    where datname = current_database() and state in ('active', 'idle in transaction') and pid <> pg_backend_pid()
    group by 1
$$;

-- What became of every run: accepted = unfinished + succeeded + failed, and each of the rest 0 where all is well.
create or replace function mesh.accounting() returns jsonb
language sql stable security definer set search_path = mesh as $$
  select jsonb_build_object(
    'runs', (select count(*) from workflow_runs),
    'queued', (select count(*) from workflow_runs where status = 'queued'),
    'running', (select count(*) from workflow_runs where status = 'running'),
    'succeeded', (select count(*) from workflow_runs where status = 'succeeded'),
    'failed', (select count(*) from workflow_runs where status = 'failed'),
    'canceled', (select count(*) from workflow_runs where status = 'canceled'),
    'dead_letters', (select count(*) from dead_letters),
    'jobs', (select count(*) from jobs),
    'failed_without_dead_letter', (select count(*) from workflow_runs r where status = 'failed'
      and not exists (select from dead_letters d where d.run_id = r.id)),
    'dead_letters_of_unfailed', (select count(*) from dead_letters d
      where not exists (select from workflow_runs r where r.id = d.run_id and r.status = 'failed')),
    'unfinished_without_job', (select count(*) from workflow_runs r where status in ('queued', 'running')
      and not exists (select from jobs j where j.run_id = r.id)),
    'jobs_without_run', (select count(*) from jobs j
      where not exists (select from workflow_runs r where r.id = j.run_id and r.status in ('queued', 'running'))),
    'runs_without_created_event', (select count(*) from workflow_runs r
      where not exists (select from workflow_events e where e.run_id = r.id and e.type = 'run_created')),
    'events_without_run', (select count(*) from workflow_events e
      where not exists (select from workflow_runs r where r.id = e.run_id)),
    'finished_twice', (select count(*) from (select run_id from workflow_events
      where type in ('run_completed', 'run_failed') group by run_id having count(*) > 1) as twice),
    'deliveries_run_twice', (select count(*) from (select 1 from workflow_runs where correlation_id is not null
      group by project_id, slug, correlation_id, body_hash having count(*) > 1) as twice),
    'tenants_mixed', (select count(*) from workflow_events e join workflow_runs r on r.id = e.run_id
      where r.project_id <> e.project_id)
      + (select count(*) from logs l join workflow_runs r on r.id = l.run_id where r.project_id <> l.project_id)
  )
$$;
do $$
declare
  name text;
begin
  foreach name in array array['mesh.queue_status()', 'mesh.database_status()', 'mesh.accounting()'] loop
    execute format('alter function %s owner to mesh_auditor', name);
    execute format('revoke all on function %s from public', name);
  end loop;
end $$;
grant execute on function mesh.queue_status(), mesh.database_status() to mesh_app, mesh_observer;
grant execute on function mesh.accounting() to mesh_app, mesh_observer;
