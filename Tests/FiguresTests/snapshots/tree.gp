set encoding utf8
set terminal svg size 306,290 font 'sans-serif,12' background 'white' noenhanced
$panel0_data0 << EOD
132 24
132 36
32 36
32 66

132 24
132 36
114 36
114 66

132 24
132 36
232 36
232 66

114 90
114 102
92 102
92 132

114 90
114 102
137 102
137 132

137 156
137 168
137 168
137 198

232 90
232 102
202 102
202 132

232 90
232 102
263 102
263 132

EOD
$panel0_data1 << EOD
13 51 41 57
98 130 41 57
85 99 107 123
130 144 107 123
130 144 173 189
216 248 41 57
168 236 107 123
256 270 107 123
EOD
$panel0_data2 << EOD
100 165 0 24
96 133 66 90
119 156 132 156
207 258 66 90
EOD
$panel0_data3 << EOD
0 65 66 90
77 107 132 156
122 152 198 222
187 217 132 156
248 278 132 156
EOD
set title 'Which function?' font ',13'
set border 3 linecolor '#444444'
set tics nomirror out scale 0.6 textcolor '#222222'
set format '%g'
set grid xtics ytics linetype 1 linecolor '#e6e6e6' linewidth 0.6
set key noautotitle
unset grid
unset border
unset tics
set margins 0,0,0,3
set xrange [-14:292]
set yrange [236:-14]
set label 'length?' at 132,12 center front font ',10' textcolor '#222222'
set label 'a^n b^n' at 32,78 center front font ',10' textcolor '#222222'
set label 'short' at 32,49 center front font ',9' textcolor '#444444'
set label 'x3?' at 114,78 center front font ',10' textcolor '#222222'
set label '50 %' at 114,49 center front font ',9' textcolor '#444444'
set label 't0' at 92,144 center front font ',10' textcolor '#222222'
set label '0' at 92,115 center front font ',9' textcolor '#444444'
set label 'x4?' at 137,144 center front font ',10' textcolor '#222222'
set label '1' at 137,115 center front font ',9' textcolor '#444444'
set label 't3' at 137,210 center front font ',10' textcolor '#222222'
set label '0' at 137,181 center front font ',9' textcolor '#444444'
set label 'it''s?' at 232,78 center front font ',10' textcolor '#222222'
set label 'long' at 232,49 center front font ',9' textcolor '#444444'
set label 't1' at 202,144 center front font ',10' textcolor '#222222'
set label '-0.5..0.25' at 202,115 center front font ',9' textcolor '#444444'
set label 't2' at 263,144 center front font ',10' textcolor '#222222'
set label '3' at 263,115 center front font ',9' textcolor '#444444'
plot \
  $panel0_data0 using 1:2 with lines linewidth 1.2 linecolor '#888888', \
  $panel0_data1 using 1:3:1:2:3:4 with boxxyerror fillcolor '#ffffff' fillstyle solid 1 noborder, \
  $panel0_data2 using 1:3:1:2:3:4 with boxxyerror fillcolor '#dcebf5' fillstyle solid 1 border linecolor '#888888', \
  $panel0_data3 using 1:3:1:2:3:4 with boxxyerror fillcolor '#d9f0e8' fillstyle solid 1 border linecolor '#888888'

