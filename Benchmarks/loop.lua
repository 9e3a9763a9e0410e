-- The loop of loop.rnr in Lua.

local turns = 10000000

local start = os.clock()
sum = 0.0
i = 0.0
while i < turns do
  sum = sum + i * i
  i = i + 1
end
local top = os.clock() - start

local function squares(turns)
  local sum = 0.0
  local i = 0.0
  while i < turns do
    sum = sum + i * i
    i = i + 1
  end
  return sum
end

start = os.clock()
squares(turns)
local inside = os.clock() - start

print(string.format("  lua, globals        %7.1f ns a turn", top / turns * 1e9))
print(string.format("  lua, in a function  %7.1f ns a turn", inside / turns * 1e9))
