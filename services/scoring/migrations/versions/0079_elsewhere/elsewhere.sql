-- An entry of another cycle than the one that it is asked for, by its id: the cycle as a text serves
-- no index. It is planned as a part of the statement that asks; on a cluster another has its place.
CREATE OR REPLACE FUNCTION ledger_entry_elsewhere(the_cycle uuid, the_entry uuid)
RETURNS SETOF ledger_entry LANGUAGE sql STABLE AS $$
      SELECT e.* FROM ledger_entry e
      WHERE e.cycle_id::text = the_cycle::text AND e.entry_id = the_entry OFFSET 0
    $$;
