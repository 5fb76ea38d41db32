-- The tables. Each one that holds what belongs to a project is protected: `protect` forces row security, and the policy
-- compares with a setting that lives as long as the transaction.
set role mesh_owner;
set search_path = mesh;

create or replace function protect(target regclass) returns void language plpgsql as $$
declare
  named name := case when target = 'mesh.projects'::regclass then 'id' else 'project_id' end;
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('drop policy if exists tenant on %s', target);
  execute format(
    'create policy tenant on %s using (%I = current_setting(''app.project_id'', true)) '
    'with check (%I = current_setting(''app.project_id'', true))', target, named, named);
end $$;

-- The number of the transaction that writes; readers of a feed take what is below every transaction still under way,
-- in the order of these numbers, and so never pass a row that commits later. A bigint, so that it is sent and compared
-- like any number.
create or replace function current_writer() returns bigint language sql volatile as
  $$ select pg_current_xact_id()::text::bigint $$;
create or replace function oldest_writer() returns bigint language sql volatile as
  $$ select pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;

create table if not exists projects (
  id text primary key check (id <> ''),
  name text not null,
  rate_limit_rps integer,
  burst integer,
  created_at timestamptz not null default now()
);

create table if not exists workflow_definitions (
  project_id text not null references projects,
  id text not null,
  slug text not null,
  version integer not null,
  status text not null check (status in ('draft', 'published', 'archived')),
  definition jsonb not null,
  primary key (project_id, id),
  unique (project_id, slug, version)
);

create table if not exists hooks (
  id text primary key,
  project_id text not null references projects,
  slug text not null unique,
  workflow_id text not null,
  scheme text not null default 'any',
  tolerance_s integer not null default 300,
  wants_json boolean not null default false,
  foreign key (project_id, workflow_id) references workflow_definitions
);

create table if not exists signature_keys (
  id text primary key,
  project_id text not null references projects,
  key_encrypted bytea not null,
  status text not null check (status in ('active', 'revoked'))
);

-- What is written for every delivery has no foreign keys: each would lock the row it names. `accounting` holds instead
-- that nothing points nowhere.
create table if not exists workflow_runs (
  id text primary key,
  seq bigint generated always as identity,
  project_id text not null,
  workflow_id text not null,
  slug text not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed', 'canceled')),
  attempt integer not null default 0,
  correlation_id text,
  idempotency_key text,
  body_hash bytea,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  made bigint not null default current_writer(),
  changed bigint not null default current_writer(),
  unique (project_id, idempotency_key)
);
-- What its workflow has told it to wait so far, the pauses before further attempts among it.
alter table workflow_runs add column if not exists delay_ms double precision not null default 0;
create index if not exists workflow_runs_made on workflow_runs (project_id, made, seq);
create index if not exists workflow_runs_changed on workflow_runs (project_id, changed, seq);
create index if not exists workflow_runs_unfinished on workflow_runs (status) where status in ('queued', 'running');
create index if not exists workflow_runs_correlation on workflow_runs (correlation_id) where correlation_id is not null;

create sequence if not exists workflow_event_ids;
create table if not exists workflow_events (
  id bigint not null default nextval('workflow_event_ids'),
  project_id text not null,
  run_id text not null,
  ts timestamptz not null default clock_timestamp(),
  type text not null,
  payload jsonb not null default '{}',
  made bigint not null default current_writer(),
  primary key (id, ts)
) partition by range (ts);
create index if not exists workflow_events_run on workflow_events (run_id, id);
create index if not exists workflow_events_made on workflow_events (project_id, made, id);

create table if not exists logs (
  id bigint generated always as identity primary key,
  project_id text not null,
  run_id text not null,
  level text not null,
  message text not null,
  metadata jsonb,
  created_at timestamptz not null default clock_timestamp(),
  made bigint not null default current_writer()
);
create index if not exists logs_run on logs (run_id, id);
create index if not exists logs_made on logs (project_id, made, id);

-- A job is visible when it is due. Taking it makes it due again when the lock runs out, so one index serves both.
create table if not exists jobs (
  id bigint generated always as identity primary key,
  project_id text not null,
  run_id text not null unique,
  workflow_id text not null,
  step integer not null default 0,
  attempt integer not null default 0,
  max_attempts integer not null,
  -- Whether the run's first step was written.
  started boolean not null default false,
  visible_at timestamptz not null default clock_timestamp(),
  locked_until timestamptz,
  lock bigint,
  worker text,
  enqueued_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
-- What the delivery was marked with: a call out says it.
alter table jobs add column if not exists correlation_id text;
create index if not exists jobs_due on jobs (visible_at);
create sequence if not exists job_locks;

create table if not exists dead_letters (
  job_id bigint primary key,
  project_id text not null,
  run_id text not null,
  reason text not null,
  last_step integer not null,
  moved_at timestamptz not null default clock_timestamp()
);

create table if not exists audit_log (
  id bigint generated always as identity primary key,
  project_id text not null,
  actor text not null,
  action text not null,
  resource text not null,
  ip inet,
  created_at timestamptz not null default clock_timestamp()
);

-- Not a tenant's: which workers are there.
create table if not exists workers (
  name text primary key,
  pid integer not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  busy_ratio double precision not null default 0,
  jobs_done bigint not null default 0,
  dependency_calls bigint not null default 0,
  dependency_wait_seconds double precision not null default 0
);

-- What the planted lock is taken on.
create table if not exists turnstile (id integer primary key, passed bigint not null default 0);
insert into turnstile values (1) on conflict do nothing;

-- When the planted dependency takes the next call.
create table if not exists dependency (id integer primary key, free_at timestamptz not null default '-infinity');
insert into dependency values (1) on conflict do nothing;

select protect(name::regclass) from unnest(array[
  'projects', 'workflow_definitions', 'hooks', 'signature_keys', 'workflow_runs', 'workflow_events', 'logs', 'jobs',
  'dead_letters', 'audit_log']) as name;

-- Monthly partitions of the events, from two months ago to three months ahead, each protected like its parent.
create or replace function ensure_event_partitions(around timestamptz default now()) returns void
language plpgsql security definer set search_path = mesh as $$
declare
  month date := date_trunc('month', around at time zone 'UTC') - interval '2 months';
  partition text;
begin
  for i in 1..6 loop
    partition := 'workflow_events_' || to_char(month, 'YYYY_MM');
    if to_regclass(partition) is null then
      execute format('create table %I partition of workflow_events for values from (%L) to (%L)', partition,
        month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
      perform protect(partition::regclass);
    end if;
    month := month + interval '1 month';
  end loop;
end $$;
select ensure_event_partitions();

grant select on projects, workflow_definitions, hooks, signature_keys to mesh_app, mesh_worker, mesh_router;
grant select, insert, update on workflow_runs to mesh_app, mesh_worker;
grant select, insert on workflow_events, logs, audit_log to mesh_app, mesh_worker;
grant select, insert, update, delete on jobs to mesh_app, mesh_worker;
grant select, insert on dead_letters to mesh_app, mesh_worker;
grant select, insert, update, delete on workers to mesh_app, mesh_worker;
grant select, update on turnstile to mesh_app;
grant select, update on dependency to mesh_worker;
grant usage on all sequences in schema mesh to mesh_app, mesh_worker;
grant select on workflow_runs, workflow_events, jobs, dead_letters, logs, workers to mesh_auditor;

-- Workers take the jobs of every project, and nothing else of theirs; the router and the auditor answer only through the
-- functions they own.
drop policy if exists queue on jobs;
create policy queue on jobs to mesh_worker using (true) with check (true);
do $$
declare
  target text;
begin
  foreach target in array array['projects', 'workflow_definitions', 'hooks', 'signature_keys'] loop
    execute format('drop policy if exists routing on %I', target);
    execute format('create policy routing on %I for select to mesh_router using (true)', target);
  end loop;
  foreach target in array array['workflow_runs', 'workflow_events', 'jobs', 'dead_letters', 'logs'] loop
    execute format('drop policy if exists auditing on %I', target);
    execute format('create policy auditing on %I for select to mesh_auditor using (true)', target);
  end loop;
end $$;
reset role;
