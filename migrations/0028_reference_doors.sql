-- network: both
-- A round goes through one community of one station, door by door; a province has millions of doors.

create index standard_address_of_community on reference.standard_address (station_code, community_code) where community_code is not null;
