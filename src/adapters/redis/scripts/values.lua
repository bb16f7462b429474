-- Values of many fields of a hash: as an argument and a reply each they would take the asker longer than the looking up.
-- KEYS[1]  hash
-- ARGV[1]  msgpack: { field, … }, a few thousand at most
-- Returns  msgpack: { value, … } in the fields' order, false where there is none
return cmsgpack.pack(redis.call('HMGET', KEYS[1], unpack(cmsgpack.unpack(ARGV[1]))))
