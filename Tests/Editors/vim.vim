" Checks the files of editors/vim: colours of sample.rnr, and that indenting changes no file of rnr.
" Run in the folder of the project: vim -Nu NONE -es -S Tests/Editors/vim.vim
set rtp^=editors/vim
filetype plugin indent on
syntax on

function Groups(number)
  let shown = ''
  let last = ''
  let line = getline(a:number)
  for column in range(1, strlen(line))
    let group = substitute(synIDattr(synID(a:number, column, 1), 'name'), '^rnr', '', '')
    let shown .= (group ==# last ? '' : '<' . group . '>') . line[column - 1]
    let last = group
  endfor
  return shown
endfunction

let problems = []
edit Tests/Editors/sample.rnr
let shown = map(range(1, line('$')), 'Groups(v:val)')
if $RECORD_SNAPSHOTS != ''
  call writefile(shown, 'Tests/Editors/sample.txt')
endif
let expected = readfile('Tests/Editors/sample.txt')
for number in range(len(shown))
  if shown[number] !=# get(expected, number, '')
    let problems += ['sample.rnr:' . (number + 1), '  ' . get(expected, number, ''), '  ' . shown[number]]
  endif
endfor
if &commentstring !=# '# %s' || &shiftwidth != 2
  let problems += ['the settings of ftplugin/rnr.vim are not in force']
endif

for path in ['Tests/Editors/sample.rnr'] + glob('{examples,stdlib}/**/*.rnr', 0, 1)
  execute 'edit!' path
  let before = getline(1, '$')
  silent normal! gg=G
  for number in range(len(before))
    if before[number] !=# getline(number + 1)
      let problems += [path . ':' . (number + 1) . ' is indented anew', '  ' . getline(number + 1)]
    endif
  endfor
  set nomodified
endfor

call writefile(problems, '/dev/stderr')
if len(problems) > 0
  cquit
endif
quitall!
