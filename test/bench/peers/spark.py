"""
`spark.py BROKER TOPIC EVENTS BATCH JARS`: four aggregates of a topic with Spark Structured Streaming: events by name and hour,
revenue by hour, views by item, users by hour. Prints { events_per_second, batches } of the second half, when it is warm.

Each message is read and parsed once, and becomes a row for each aggregate that it counts in; one stateful query adds the
rows up. Four queries side by side, each reading the topic for itself, took twice as long.
"""

import json
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

broker, topic, events, batch, jars = sys.argv[1:6]
events, batch = int(events), int(batch)

SCHEMA = (
    "name STRING, user_id STRING, timestamp LONG, "
    "items ARRAY<STRUCT<item_id: STRING, price: DOUBLE, quantity: INT>>"
)
CENTS = "aggregate(items, 0L, (sum, i) -> sum + CAST(round(coalesce(i.price, 0) * 100) AS BIGINT) * coalesce(i.quantity, 1))"


def row(aggregate, key, hour="hour", user="NULL", cents="0L"):
    return (
        f"struct('{aggregate}' AS aggregate, CAST({hour} AS TIMESTAMP) AS hour, {key} AS key, "
        f"CAST({user} AS STRING) AS user, {cents} AS cents)"
    )


ROWS = f"""concat(
    array({row("events", "name")}, {row("users", "''", user="user_id")}),
    if(name = 'purchase', array({row("revenue", "''", cents=CENTS)}), array()),
    if(name = 'view_item', transform(items, i -> {row("views", "i.item_id", hour="NULL")}), array()))"""

spark = (
    SparkSession.builder.master("local[*]")
    .config("spark.jars", jars)
    .config("spark.driver.memory", "2g")
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.log.level", "ERROR")
    .config("spark.sql.shuffle.partitions", "2")
    .getOrCreate()
)
messages = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", broker)
    .option("subscribe", topic)
    .option("startingOffsets", "earliest")
    .option("maxOffsetsPerTrigger", batch)
    .load()
)
query = (
    messages.select(f.from_json(f.col("value").cast("string"), SCHEMA).alias("event"))
    .select("event.*")
    .withColumn("hour", f.date_trunc("hour", f.timestamp_millis("timestamp")))
    .select(f.explode(f.expr(ROWS)).alias("row"))
    .select("row.*")
    .groupBy("aggregate", "hour", "key")
    .agg(f.count("*"), f.sum("cents"), f.approx_count_distinct("user"))
    .writeStream.format("noop")
    .outputMode("update")
    .start()
)

warm = None
while True:
    if query.exception() is not None:
        raise query.exception()
    progress = query.recentProgress
    seen = sum(one.numInputRows for one in progress)
    if warm is None and seen * 2 >= events:
        warm = (seen, len(progress), time.monotonic())
    if seen >= events:
        break
    time.sleep(0.05)
rate = (seen - warm[0]) / (time.monotonic() - warm[2])
batches = len(progress) - warm[1]
query.stop()
spark.stop()
print(json.dumps({"events_per_second": rate, "batches": batches}))
