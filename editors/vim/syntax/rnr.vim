" Colours for rnr.
if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_,192-255

" The words of the language; a test holds these lists to what the lexer reserves.
syntax keyword rnrConditional if else
syntax keyword rnrRepeat for while break continue
syntax keyword rnrException try
syntax keyword rnrStatement return assert
syntax keyword rnrInclude use
syntax keyword rnrDefinition fn native type
syntax keyword rnrWordOperator and or not in
syntax keyword rnrBoolean true false
syntax keyword rnrConstant none

syntax match rnrCall "\<\K\k*\>\ze\s*("
syntax match rnrConstructor "\<\u[A-Z0-9_]*\l\w*\>\ze\s*("
syntax match rnrFunction "\%(\<fn\s\+\)\@20<=\K\k*"
syntax match rnrType "\%(\<type\s\+\)\@20<=\K\k*"
syntax match rnrType "\%(\<fn\s\+\K\k*\s*(\s*\K\k*\s*:\s*\)\@100<=\K\k*"

syntax match rnrNumber "\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][-+]\?\d[0-9_]*\)\?\>"

syntax match rnrOperator "|>\|->\|\.\.\.\|\.\.=\|\.\."
syntax match rnrOperator "[-+*/%@^=<>]\|!="

syntax match rnrComment "#.*$" contains=rnrTodo,@Spell
syntax match rnrDocumentation "##.*$" contains=rnrExample,@Spell
syntax match rnrExample "\%(##\s*\)\@20<=>.*$" contained
syntax keyword rnrTodo TODO FIXME contained

syntax match rnrEscape "\\u{\x*}\|\\." contained
syntax match rnrFormat ":[^}\"]*" contained
syntax cluster rnrCode contains=rnrConditional,rnrRepeat,rnrException,rnrStatement,rnrInclude,
      \rnrDefinition,rnrWordOperator,rnrBoolean,rnrConstant,rnrCall,rnrConstructor,rnrNumber,
      \rnrOperator,rnrString,rnrRawString
syntax region rnrInterpolation matchgroup=rnrBrace start="{" end="}" contained
      \ contains=@rnrCode,rnrFormat,rnrGroup
" In brackets a colon begins no layout.
syntax region rnrGroup start="(" end=")" contained contains=@rnrCode,rnrGroup
syntax region rnrGroup start="\[" end="\]" contained contains=@rnrCode,rnrGroup
syntax region rnrGroup start="{" end="}" contained contains=@rnrCode,rnrGroup
syntax region rnrString start=+"+ end=+"\|$+ contains=rnrEscape,rnrInterpolation,@Spell
syntax region rnrLongString start=+"""+ end=+"""+ contains=rnrEscape,rnrInterpolation,@Spell
syntax region rnrRawString start=+'+ end=+'\|$+

" Strings of several lines make it hard to begin in the middle of a file.
syntax sync minlines=200

highlight default link rnrConditional Conditional
highlight default link rnrRepeat Repeat
highlight default link rnrException Exception
highlight default link rnrStatement Statement
highlight default link rnrInclude Include
highlight default link rnrDefinition Keyword
highlight default link rnrWordOperator Keyword
highlight default link rnrBoolean Boolean
highlight default link rnrConstant Constant
highlight default link rnrFunction Function
highlight default link rnrCall Function
highlight default link rnrConstructor Type
highlight default link rnrType Type
highlight default link rnrNumber Number
highlight default link rnrOperator Operator
highlight default link rnrComment Comment
highlight default link rnrDocumentation SpecialComment
highlight default link rnrExample PreProc
highlight default link rnrTodo Todo
highlight default link rnrString String
highlight default link rnrLongString String
highlight default link rnrRawString String
highlight default link rnrEscape SpecialChar
highlight default link rnrFormat SpecialChar
highlight default link rnrBrace Delimiter

let b:current_syntax = "rnr"
