create schema gateway;

-- What the OpenID provider keeps: interactions, codes, grants, its short sessions, assertions already seen. All of it expires.
create table gateway.oidc_model (
  model text not null,
  id text not null,
  payload jsonb not null,
  uid text,
  user_code text,
  grant_id text,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  primary key (model, id)
);
create index oidc_model_uid on gateway.oidc_model (uid) where uid is not null;
create index oidc_model_grant on gateway.oidc_model (grant_id) where grant_id is not null;
create index oidc_model_expiry on gateway.oidc_model (expires_at);

-- Private keys lie here only sealed (AES-256-GCM under a key that comes from the configured secret).
create table gateway.signing_key (
  kid text primary key,
  alg text not null,
  sealed bytea not null,
  created_at timestamptz not null default now()
);

-- `demo`: the password is one of the readable ones; outside demo mode the server does not start while such a row exists.
create table gateway.account (
  login text primary key,
  password text not null,
  failed int not null default 0,
  locked_until timestamptz,
  must_change boolean not null default false,
  demo boolean not null default false,
  changed_at timestamptz not null default now()
);

-- The platform's own machine clients (institutions' clients stand in the directory).
create table gateway.client (
  client_id text primary key,
  jwks jsonb not null,
  permissions text[] not null,
  demo boolean not null default false,
  changed_at timestamptz not null default now()
);

-- Staff sessions. Only the hash of the cookie is kept: who reads this table cannot become anybody.
create table gateway.session (
  id_hash bytea primary key,
  login text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_login on gateway.session (login);
create index session_expiry on gateway.session (expires_at);
