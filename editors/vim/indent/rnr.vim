" Indentation for rnr: two columns more inside brackets, and for lines that begin with a pipe.
if exists("b:did_indent")
  finish
endif
let b:did_indent = 1

setlocal indentexpr=RnrIndent(v:lnum)
setlocal indentkeys=0{,0},0),0],0\|,!^F,o,O
let b:undo_indent = "setlocal indentexpr< indentkeys<"

if exists("*RnrIndent")
  finish
endif

" Whether the last sign of a line, its comment apart, opens a bracket.
function s:Opens(number)
  let line = getline(a:number)
  let column = strlen(line)
  while column > 0
    let group = synIDattr(synID(a:number, column, 1), 'name')
    if line[column - 1] !~# '\s' && group !~# 'Comment\|Documentation\|Example\|Todo'
      return line[column - 1] =~# '[{(\[]' && group !~# 'String'
    endif
    let column -= 1
  endwhile
  return 0
endfunction

" The last line above that is neither empty nor a pipe; a pipe stands deeper than what it follows.
function s:Before(number)
  let before = prevnonblank(a:number - 1)
  while before > 0 && getline(before) =~# '^\s*|>'
    let before = prevnonblank(before - 1)
  endwhile
  return before
endfunction

function RnrIndent(number)
  " What stands in a string is not ours to move.
  if synIDattr(synID(a:number, 1, 1), 'name') =~# 'LongString'
    return indent(a:number)
  endif
  let before = s:Before(a:number)
  if before == 0
    return 0
  endif
  let indent = indent(before)
  if getline(a:number) =~# '^\s*|>'
    return indent + shiftwidth()
  endif
  if s:Opens(before)
    let indent += shiftwidth()
  endif
  if getline(a:number) =~# '^\s*[})\]]'
    let indent -= shiftwidth()
  endif
  return indent
endfunction
