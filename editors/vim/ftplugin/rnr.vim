" Settings for files of rnr.
if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s
setlocal comments=:##,:#
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal suffixesadd=.rnr
setlocal makeprg=rnr\ check\ %:S
" A message stands above its place; the lines of source below it are left out.
setlocal errorformat=%Eerror:\ %m,%Wwarning:\ %m,%Z%*[\ ]-->\ %f:%l:%c,%-G%.%#

let b:undo_ftplugin = "setlocal commentstring< comments< formatoptions< expandtab<"
      \ . " shiftwidth< softtabstop< suffixesadd< makeprg< errorformat<"
