-- Who may do what. No role of the service is a superuser, owns a table or bypasses row security.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('mesh_owner', 'nologin'),      -- owns the tables
      ('mesh_router', 'nologin'),     -- sees which hook is whose
      ('mesh_auditor', 'nologin'),    -- sees every run, to count them
      ('mesh_app', 'login'),          -- the service
      ('mesh_worker', 'login'),       -- the workers
      ('mesh_observer', 'login')      -- counts, and the server's own statistics
    ) as roles(name, kind)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      execute format('create role %I %s nosuperuser nobypassrls nocreatedb nocreaterole', wanted.name, wanted.kind);
    end if;
  end loop;
end $$;

grant pg_monitor to mesh_observer;
grant pg_read_all_stats to mesh_auditor;
create schema if not exists mesh authorization mesh_owner;
grant usage on schema mesh to mesh_router, mesh_auditor, mesh_app, mesh_worker, mesh_observer;
