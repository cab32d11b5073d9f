-- Everything that the line list counts lies in the index: five years of influenza are summed without their cards.
create index card_by_line on surveillance.card (disease, day, area) include (state, onset, birth, sex, reported, institutions);
drop index surveillance.card_by_cell;
