-- The card to which a finding, an act or a contact belongs: a card takes the earliest finding's key as its own, and keeps all of them.
create index card_by_key on surveillance.card using gin (keys);
