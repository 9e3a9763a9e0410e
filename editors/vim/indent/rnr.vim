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

" The line without its comment. Asking for a colour is slow, so only where one may begin it is asked.
function s:Code(number)
  let line = getline(a:number)
  let place = stridx(line, '#')
  while place >= 0
    if synIDattr(synID(a:number, place + 1, 1), 'name') =~# 'Comment\|Documentation\|Example\|Todo'
      return strpart(line, 0, place)
    endif
    let place = stridx(line, '#', place + 1)
  endwhile
  return line
endfunction

" Whether the last sign of a line, its comment apart, opens a bracket.
function s:Opens(number)
  if getline(a:number) !~# '[{(\[]\s*\%(#\|$\)'
    return 0
  endif
  let code = substitute(s:Code(a:number), '\s\+$', '', '')
  return code =~# '[{(\[]$' && synIDattr(synID(a:number, strlen(code), 1), 'name') !~# 'String'
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
