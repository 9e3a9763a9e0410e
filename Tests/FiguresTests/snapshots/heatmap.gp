set encoding utf8
set terminal svg size 508,260 font 'sans-serif,12' background 'white' noenhanced
$panel0_data0 << EOD
0 0 -1
1 0 -0.990000009537
2 0 -0.959999978542
3 0 -0.909999966621
4 0 -0.840000033379
5 0 -0.75
6 0 -0.639999985695
0 1 -0.509999990463
1 1 -0.360000014305
2 1 -0.189999997616
3 1 0
4 1 0.210000038147
5 1 0.44000005722
6 1 0.69000005722
0 2 0.960000038147
1 2 1.25
2 2 1.55999994278
3 2 1.8900001049
4 2 2.24000000954
5 2 2.6099998951
EOD
$panel0_data1 << EOD
0 0 -1
1 0 -0.990000009537
2 0 -0.959999978542
3 0 -0.909999966621
4 0 -0.840000033379
5 0 -0.75
6 0 -0.639999985695
0 1 -0.509999990463
1 1 -0.360000014305
2 1 -0.189999997616
3 1 0
4 1 0.210000038147
5 1 0.44000005722
6 1 0.69000005722
0 2 0.960000038147
1 2 1.25
EOD
$panel0_data2 << EOD
2 2 1.55999994278
3 2 1.8900001049
4 2 2.24000000954
5 2 2.6099998951
EOD
set title 'Gates' font ',13'
set border 3 linecolor '#444444'
set tics nomirror out scale 0.6 textcolor '#222222'
set format '%g'
set grid xtics ytics linetype 1 linecolor '#e6e6e6' linewidth 0.6
set key noautotitle
set label 999 'left out: 1 value not finite' at graph 1,1 right offset 0,0.6 font ',8' textcolor '#666666'
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
set cbrange [-1:2.6099998951]
set cblabel 'activation'
unset grid
set border 0
set xrange [-0.5:6.5]
set yrange [2.5:-0.5]
set tics scale 0
set ytics ('input' 0, 'forget' 1, 'output' 2)
set xtics ('unit 0' 0, 'unit 1' 1, 'unit 2' 2, 'unit 3' 3, 'unit 4' 4, 'unit 5' 5, 'unit 6' 6)
plot \
  $panel0_data0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror fillstyle solid 1 linewidth 0.4 linecolor palette, \
  $panel0_data1 using 1:2:(sprintf('%.2g', $3)) with labels font ',8' textcolor '#ffffff', \
  $panel0_data2 using 1:2:(sprintf('%.2g', $3)) with labels font ',8' textcolor '#000000'

