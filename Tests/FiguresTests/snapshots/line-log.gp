set encoding utf8
set terminal svg size 640,420 font 'sans-serif,12' background 'white' noenhanced
$panel0_data0 << EOD
1 3
1.5 2
2 1.5
3 1
4 0.75
6 0.5
8 0.375
12 0.25
16 0.1875
24 0.125
32 0.09375
48 0.0625
64 0.046875
96 0.03125
128 0.0234375
192 0.015625
256 0.01171875
384 0.0078125
512 0.005859375
768 0.00390625
1024 0.0029296875
1536 0.001953125
2048 0.00146484375
3072 0.0009765625
4096 0.000732421875
6144 0.00048828125
8192 0.0003662109375
12288 0.000244140625
16384 0.00018310546875
24576 0.0001220703125
EOD
set title 'Power law' font ',13'
set xlabel 'nets'
set ylabel 'error'
set border 3 linecolor '#444444'
set tics nomirror out scale 0.6 textcolor '#222222'
set format '%g'
set grid xtics ytics linetype 1 linecolor '#e6e6e6' linewidth 0.6
set key noautotitle
set xrange [0.738388057743:33283.3118606]
set yrange [9.0135260955e-05:4.06290427986]
set logscale x
set logscale y
set key inside right top Left reverse samplen 2 spacing 1.2
plot \
  $panel0_data0 using 1:2 with lines linewidth 2 dashtype 1 linecolor '#0072b2'

