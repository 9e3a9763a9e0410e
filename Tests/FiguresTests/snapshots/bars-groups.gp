set encoding utf8
set terminal svg size 520,420 font 'sans-serif,12' background 'white' noenhanced
$panel0_data0 << EOD
-0.266666666667 0.9 0.24
0.733333333333 0.62 0.24
EOD
$panel0_data1 << EOD
-0.266666666667 0.85 0.1
0.733333333333 0.5 0.2
EOD
$panel0_data2 << EOD
0 0.55 0.24
1 -0.21 0.24
EOD
$panel0_data3 << EOD
0.266666666667 0.7 0.24
EOD
set title 'R² by encoder' font ',13'
set xlabel 'R²'
set border 3 linecolor '#444444'
set tics nomirror out scale 0.6 textcolor '#222222'
set format '%g'
set grid xtics ytics linetype 1 linecolor '#e6e6e6' linewidth 0.6
set key noautotitle
set label 999 'left out: 1 value not finite' at graph 1,1 right offset 0,0.6 font ',8' textcolor '#666666'
set ylabel 'R²'
unset xlabel
set xtics scale 0 ('validation' 0, 'out of distribution' 1)
set xrange [-0.6:1.6]
set yrange [-0.2564:0.9964]
set grid noxtics ytics
set xzeroaxis linetype 1 linecolor '#444444'
set key outside below center horizontal Left reverse samplen 3
plot \
  $panel0_data0 using 1:2:3 with boxes fillcolor '#0072b2' fillstyle solid 0.85 noborder title 'probing', \
  $panel0_data2 using 1:2:3 with boxes fillcolor '#d55e00' fillstyle solid 0.85 noborder title 'statistics', \
  $panel0_data3 using 1:2:3 with boxes fillcolor '#009e73' fillstyle solid 0.85 noborder title 'DWSNet', \
  $panel0_data1 using 1:2:(0):3 with vectors heads size graph 0.008,90 linecolor '#222222' linewidth 1.2

