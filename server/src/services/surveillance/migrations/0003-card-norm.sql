-- The card of the 2026 norm: what is needed to list, draw and review cards without opening each resident.
alter table surveillance.card
  add record_class text,
  add sex text,
  add birth date,
  -- Same name and birth date: cards that may be one case. Null until the resident has been read.
  add twin bigint,
  add reported timestamptz,
  add review_level text,
  add review_due timestamptz;
create index card_by_twin on surveillance.card (twin, disease);
create index card_by_review on surveillance.card (review_due) where review_due is not null;
create index card_unread on surveillance.card (resident) where twin is null;

-- What a doctor filled in holds names, telephones and document numbers: it is kept sealed. `fields` of older rows is sealed at the next start.
alter table surveillance.card_act
  add sealed bytea,
  add level text,
  add onset date,
  add given_class text,
  add other text;
create index card_act_plain on surveillance.card_act (seq) where fields is not null;

-- A card that was not reported within its limit goes back to the doctor and to the hospital's prevention office; a day later to the CDC as well.
create table surveillance.push_back (
  seq bigint generated always as identity primary key,
  anchor bigint not null,
  disease text not null,
  institution int not null,
  step int not null,
  at timestamptz not null,
  seen_at timestamptz,
  seen_by text,
  unique (anchor, disease, step)
);
