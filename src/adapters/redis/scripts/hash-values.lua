-- Reads many fields of a hash: packed, they are sent and read in less time than as an argument and a reply each.
-- KEYS[1]  the hash
-- ARGV[1]  msgpack: { field, … }, a few thousand at most
-- Returns  msgpack: { value, … } in the fields' order, false where there is none
return cmsgpack.pack(redis.call('HMGET', KEYS[1], unpack(cmsgpack.unpack(ARGV[1]))))
