-- Nanoseconds of one step of small programs; programs.rnr and programs.py are the same ones.
-- What Lua has no built-in function for, such as map, is left out.

local function measure(name, count, run)
  local best = math.huge
  for _ = 1, 3 do
    local start = os.clock()
    run(count)
    best = math.min(best, os.clock() - start)
  end
  print(string.format("%s\t%.2f", name, 1e9 * best / count))
end

local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end

local function while_loop(count)
  local sum, i = 0.0, 0.0
  while i < count do
    sum = sum + i * i
    i = i + 1
  end
  return sum
end

local function branches(count)
  local a, b = 0, 0
  for k = 0, count - 1 do
    if k % 3 == 0 then a = a + 1 elseif k % 3 == 1 and k > 10 then b = b + 1 else a = a - 1 end
  end
  return a + b
end

local function calls(count)
  local add = function(a, b) return a + b end
  local x = 0
  for k = 0, count - 1 do x = add(x, k) end
  return x
end

local function append(count)
  local xs = {}
  for k = 0, count - 1 do xs[#xs + 1] = k end
  return xs
end

local function hundred()
  local xs = {}
  for k = 0, 99 do xs[k] = k end
  return xs
end

local function read_index(count)
  local xs, x = hundred(), 0
  for k = 0, count - 1 do x = x + xs[k % 100] end
  return x
end

local function assign_index(count)
  local xs = hundred()
  for k = 0, count - 1 do xs[k % 100] = k end
  return xs
end

local function loop_list(count)
  local xs, total = {}, 0
  for k = 1, count do xs[k] = k end
  for _, x in ipairs(xs) do total = total + x end
  return total
end

local function read_field(count)
  local r, x = { hidden = 32, layers = 2, rate = 0.5 }, 0
  for k = 0, count - 1 do x = x + r.rate end
  return x
end

local function write_field(count)
  local r = { hidden = 32, layers = 2, rate = 0 }
  for k = 0, count - 1 do r.rate = k end
  return r
end

local function update_field(count)
  local r = { hidden = 32, layers = 2, rate = 0 }
  for k = 0, count - 1 do r.rate = r.rate + 1 end
  return r
end

local function make_record(count)
  local x = 0
  for k = 0, count - 1 do
    local r = { a = k, b = 1 }
    x = x + r.a
  end
  return x
end

local function keys_by_name(count)
  local r, names = { start = 0 }, {}
  for k = 0, 999 do names[k] = "key " .. k end
  for k = 0, 999 do r[names[k]] = 0 end
  for k = 0, count - 1 do
    local name = names[k % 1000]
    r[name] = r[name] + 1
  end
  return r
end

local function replace_string(count) return (("abc"):rep(count):gsub("b", "xy")) end

local function format_number(count)
  local n = 0
  for k = 0, count - 1 do n = n + #string.format("%.4f", k / 7) end
  return n
end

local function string_letters(count)
  local s, n = ("abcdefghij"):rep(10), 0
  for k = 0, count - 1 do
    local place = k % 100 + 1
    if s:sub(place, place) == "c" then n = n + 1 end
  end
  return n
end

local function compare_strings(count)
  local names, n = { [0] = "alpha", "alphabet", "beta", "gamma" }, 0
  for k = 0, count - 1 do
    if names[k % 4] < names[(k + 1) % 4] then n = n + 1 end
  end
  return n
end

local function sort_numbers(count)
  local x, xs = 1, {}
  for k = 1, count do
    x = (x * 16807) % 2147483647
    xs[k] = x
  end
  table.sort(xs)
  return xs
end

measure("while loop", 2000000, while_loop)
measure("for loop, branches", 1000000, branches)
measure("recursion: fib", 832040, function() return fib(28) end)
measure("function call", 1000000, calls)
measure("list append", 1000000, append)
measure("list index", 1000000, read_index)
measure("list assignment", 1000000, assign_index)
measure("list loop", 1000000, loop_list)
measure("record field", 1000000, read_field)
measure("record assignment", 1000000, write_field)
measure("record update", 1000000, update_field)
measure("record made", 500000, make_record)
measure("1,000 keys", 300000, keys_by_name)
measure("replace", 300000, replace_string)
measure("format .4f", 200000, format_number)
measure("string index", 500000, string_letters)
measure("string order", 500000, compare_strings)
measure("sort numbers", 100000, sort_numbers)
