"""`flask db distribute`: lays the tables over the machines of a Citus cluster, as the models say."""
