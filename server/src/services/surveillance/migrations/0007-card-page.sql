-- A page of cards is read by its order, newest first, and a hospital's own cards by the hospital.
create index card_by_at on surveillance.card (at desc, anchor);
create index card_by_institutions on surveillance.card using gin (institutions);
