-- Appends one accepted batch to a partition, whole, in one entry.
-- KEYS[1]  the partition's entries (stream)
-- KEYS[2]  its end: `offset@entry`
-- ARGV[1]  number of records
-- ARGV[2]  the records, packed (packed-records.ts)
-- ARGV[3]  import id, '' for live
-- Returns  the new end
local stored = redis.call('GET', KEYS[2]) or '0@0-0'
local first = tonumber(string.match(stored, '^(%d+)@'))
local fields = { 'first', first, 'records', ARGV[2] }
if ARGV[3] ~= '' then
  fields[5] = 'import'
  fields[6] = ARGV[3]
end
local id = redis.call('XADD', KEYS[1], '*', unpack(fields))
local stop = string.format('%.0f@%s', first + tonumber(ARGV[1]), id)
redis.call('SET', KEYS[2], stop)
return stop
