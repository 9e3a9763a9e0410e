" rnr is also known by the first line of a script.
autocmd BufNewFile,BufRead *.rnr setfiletype rnr
autocmd BufNewFile,BufRead * if getline(1) =~# '^#!.*\<rnr\>' | setfiletype rnr | endif
