-- Caches sums of a ranking over days that are over, where they are not cached yet. Stands behind ranking-cache.lua.
-- KEYS[1…] the cache's four keys, KEYS[5] days that have not changed, as ranking-cache.lua takes them
-- KEYS[6…] rankings
-- ARGV[1]  how many members a call may add up
-- ARGV[2…] labels of the days, and of hours before them, that the first rankings are of
-- Returns  msgpack: how many rankings are added up so far, where the call is to be made again; true where all is done that may be
local rankings = with_ranking_cache({ unpack(KEYS, 1, 4) }, KEYS[5], { unpack(KEYS, 6) }, { unpack(ARGV, 2) }, true, 1, tonumber(ARGV[1]))
return cmsgpack.pack(type(rankings) == 'number' and rankings or true)
