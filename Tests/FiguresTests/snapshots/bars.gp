set encoding utf8
set terminal svg size 520,496 font 'sans-serif,12' background 'white' noenhanced
$panel0_data0 << EOD
0 0.31 0.72
1 0.222 0.72
2 0.504 0.72
3 0.912 0.72
EOD
$panel0_data1 << EOD
0 0.28 0.06
1 0.2 0.05
2 0.45 0.11
3 0.9 0.025
EOD
$panel0_data2 << EOD
-0.6 0.1
3.6 0.1
EOD
set title 'Task from weights' font ',13'
set xlabel 'accuracy'
set border 3 linecolor '#444444'
set tics nomirror out scale 0.6 textcolor '#222222'
set format '%g'
set grid xtics ytics linetype 1 linecolor '#e6e6e6' linewidth 0.6
set key noautotitle
set ylabel 'accuracy'
unset xlabel
set xtics rotate by -35
set rmargin 8.47142857143
set xtics scale 0 ('layer statistics' 0, 'flat weights' 1, 'DWSNet' 2, 'interactive probing' 3)
set xrange [-0.6:3.6]
set yrange [0:0.962]
set grid noxtics ytics
set xzeroaxis linetype 1 linecolor '#444444'
set key outside below center horizontal Left reverse samplen 3
plot \
  $panel0_data0 using 1:2:3 with boxes fillcolor '#0072b2' fillstyle solid 0.85 noborder, \
  $panel0_data1 using 1:2:(0):3 with vectors heads size graph 0.008,90 linecolor '#222222' linewidth 1.2, \
  $panel0_data2 using 1:2 with lines dashtype 2 linewidth 1.5 linecolor '#444444' title 'chance'

