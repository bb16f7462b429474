// Reminds the owners of carts that were left. Run: KAFKA_BROKERS=127.0.0.1:9092 node docs/examples/cart-reminder.mjs
import kafkajs from 'kafkajs';

const TOLD_MAX = 100_000;
const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:9092').split(',');
const topics = {
  abandoned: process.env.KAFKA_ABANDONED_TOPIC ?? 'carts.abandoned',
  recovered: process.env.KAFKA_RECOVERED_TOPIC ?? 'carts.recovered',
};
const consumer = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.ERROR }).consumer({
  groupId: 'cart-reminder',
});
// Messages come at least once: a repeat has the same event_id.
const told = new Set();

await consumer.connect();
await consumer.subscribe({ topics: Object.values(topics), fromBeginning: true });
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    const cart = JSON.parse(message.value.toString());
    if (told.has(cart.event_id)) return;
    told.add(cart.event_id);
    if (told.size > TOLD_MAX) told.delete(told.values().next().value);
    if (cart.source !== 'live') return; // carts of imported history are nobody's news
    if (topic === topics.recovered) console.log(`${cart.user_id} bought after all: ${cart.value} ${cart.currency}`);
    else console.log(`remind ${cart.user_id}: ${cart.items.length} items worth ${cart.value} ${cart.currency} wait`);
  },
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => consumer.disconnect().then(() => process.exit(0)));
