set encoding utf8
set terminal svg size 1584,404 font 'sans-serif,12' background 'white' noenhanced
$panel0_data0 << EOD
777 24
777 36
385 36
385 66

777 24
777 36
1169 36
1169 66

385 90
385 102
189 102
189 132

385 90
385 102
581 102
581 132

189 156
189 168
91 168
91 198

189 156
189 168
287 168
287 198

91 222
91 234
42 234
42 264

91 222
91 234
140 234
140 264

42 288
42 300
18 300
18 330

42 288
42 300
67 300
67 330

140 288
140 300
116 300
116 330

140 288
140 300
165 300
165 330

287 222
287 234
238 234
238 264

287 222
287 234
336 234
336 264

238 288
238 300
214 300
214 330

238 288
238 300
263 300
263 330

336 288
336 300
312 300
312 330

336 288
336 300
361 300
361 330

581 156
581 168
483 168
483 198

581 156
581 168
679 168
679 198

483 222
483 234
434 234
434 264

483 222
483 234
532 234
532 264

434 288
434 300
410 300
410 330

434 288
434 300
459 300
459 330

532 288
532 300
508 300
508 330

532 288
532 300
557 300
557 330

679 222
679 234
630 234
630 264

679 222
679 234
728 234
728 264

630 288
630 300
606 300
606 330

630 288
630 300
655 300
655 330

728 288
728 300
704 300
704 330

728 288
728 300
753 300
753 330

1169 90
1169 102
973 102
973 132

1169 90
1169 102
1365 102
1365 132

973 156
973 168
875 168
875 198

973 156
973 168
1071 168
1071 198

875 222
875 234
826 234
826 264

875 222
875 234
924 234
924 264

826 288
826 300
802 300
802 330

826 288
826 300
851 300
851 330

924 288
924 300
900 300
900 330

924 288
924 300
949 300
949 330

1071 222
1071 234
1022 234
1022 264

1071 222
1071 234
1120 234
1120 264

1022 288
1022 300
998 300
998 330

1022 288
1022 300
1047 300
1047 330

1120 288
1120 300
1096 300
1096 330

1120 288
1120 300
1145 300
1145 330

1365 156
1365 168
1267 168
1267 198

1365 156
1365 168
1463 168
1463 198

1267 222
1267 234
1218 234
1218 264

1267 222
1267 234
1316 234
1316 264

1218 288
1218 300
1194 300
1194 330

1218 288
1218 300
1243 300
1243 330

1316 288
1316 300
1292 300
1292 330

1316 288
1316 300
1341 300
1341 330

1463 222
1463 234
1414 234
1414 264

1463 222
1463 234
1512 234
1512 264

1414 288
1414 300
1390 300
1390 330

1414 288
1414 300
1439 300
1439 330

1512 288
1512 300
1488 300
1488 330

1512 288
1512 300
1537 300
1537 330

EOD
$panel0_data1 << EOD
378 392 41 57
182 196 107 123
84 98 173 189
35 49 239 255
11 25 305 321
60 74 305 321
133 147 239 255
109 123 305 321
158 172 305 321
280 294 173 189
231 245 239 255
207 221 305 321
256 270 305 321
329 343 239 255
305 319 305 321
354 368 305 321
574 588 107 123
476 490 173 189
427 441 239 255
403 417 305 321
452 466 305 321
525 539 239 255
501 515 305 321
550 564 305 321
672 686 173 189
623 637 239 255
599 613 305 321
648 662 305 321
721 735 239 255
697 711 305 321
746 760 305 321
1162 1176 41 57
966 980 107 123
868 882 173 189
819 833 239 255
795 809 305 321
844 858 305 321
917 931 239 255
893 907 305 321
942 956 305 321
1064 1078 173 189
1015 1029 239 255
991 1005 305 321
1040 1054 305 321
1113 1127 239 255
1089 1103 305 321
1138 1152 305 321
1358 1372 107 123
1260 1274 173 189
1211 1225 239 255
1187 1201 305 321
1236 1250 305 321
1309 1323 239 255
1285 1299 305 321
1334 1348 305 321
1456 1470 173 189
1407 1421 239 255
1383 1397 305 321
1432 1446 305 321
1505 1519 239 255
1481 1495 305 321
1530 1544 305 321
EOD
$panel0_data2 << EOD
759 796 0 24
367 404 66 90
171 208 132 156
73 110 198 222
20 64 264 288
118 162 264 288
269 306 198 222
216 260 264 288
314 358 264 288
563 600 132 156
465 502 198 222
412 456 264 288
510 554 264 288
657 701 198 222
608 652 264 288
706 750 264 288
1151 1188 66 90
955 992 132 156
853 897 198 222
804 848 264 288
902 946 264 288
1049 1093 198 222
1000 1044 264 288
1098 1142 264 288
1347 1384 132 156
1245 1289 198 222
1196 1240 264 288
1294 1338 264 288
1441 1485 198 222
1392 1436 264 288
1490 1534 264 288
EOD
$panel0_data3 << EOD
0 37 330 354
49 86 330 354
98 135 330 354
147 184 330 354
196 233 330 354
245 282 330 354
294 331 330 354
343 380 330 354
392 429 330 354
441 478 330 354
490 527 330 354
539 576 330 354
588 625 330 354
637 674 330 354
686 723 330 354
735 772 330 354
784 821 330 354
833 870 330 354
882 919 330 354
931 968 330 354
980 1017 330 354
1029 1066 330 354
1078 1115 330 354
1127 1164 330 354
1176 1213 330 354
1225 1262 330 354
1274 1311 330 354
1323 1360 330 354
1372 1409 330 354
1421 1458 330 354
1470 1507 330 354
1519 1556 330 354
EOD
set border 3 linecolor '#444444'
set tics nomirror out scale 0.6 textcolor '#222222'
set format '%g'
set grid xtics ytics linetype 1 linecolor '#e6e6e6' linewidth 0.6
set key noautotitle
unset grid
unset border
unset tics
set margins 0,0,0,0
set xrange [-14:1570]
set yrange [390:-14]
set label 'q0?' at 777,12 center front font ',10' textcolor '#222222'
set label 'q1?' at 385,78 center front font ',10' textcolor '#222222'
set label '0' at 385,49 center front font ',9' textcolor '#444444'
set label 'q3?' at 189,144 center front font ',10' textcolor '#222222'
set label '0' at 189,115 center front font ',9' textcolor '#444444'
set label 'q7?' at 91,210 center front font ',10' textcolor '#222222'
set label '0' at 91,181 center front font ',9' textcolor '#444444'
set label 'q15?' at 42,276 center front font ',10' textcolor '#222222'
set label '0' at 42,247 center front font ',9' textcolor '#444444'
set label '… 4' at 18,342 center front font ',10' textcolor '#666666'
set label '0' at 18,313 center front font ',9' textcolor '#444444'
set label '… 4' at 67,342 center front font ',10' textcolor '#666666'
set label '1' at 67,313 center front font ',9' textcolor '#444444'
set label 'q16?' at 140,276 center front font ',10' textcolor '#222222'
set label '1' at 140,247 center front font ',9' textcolor '#444444'
set label '… 4' at 116,342 center front font ',10' textcolor '#666666'
set label '0' at 116,313 center front font ',9' textcolor '#444444'
set label '… 4' at 165,342 center front font ',10' textcolor '#666666'
set label '1' at 165,313 center front font ',9' textcolor '#444444'
set label 'q8?' at 287,210 center front font ',10' textcolor '#222222'
set label '1' at 287,181 center front font ',9' textcolor '#444444'
set label 'q17?' at 238,276 center front font ',10' textcolor '#222222'
set label '0' at 238,247 center front font ',9' textcolor '#444444'
set label '… 4' at 214,342 center front font ',10' textcolor '#666666'
set label '0' at 214,313 center front font ',9' textcolor '#444444'
set label '… 4' at 263,342 center front font ',10' textcolor '#666666'
set label '1' at 263,313 center front font ',9' textcolor '#444444'
set label 'q18?' at 336,276 center front font ',10' textcolor '#222222'
set label '1' at 336,247 center front font ',9' textcolor '#444444'
set label '… 4' at 312,342 center front font ',10' textcolor '#666666'
set label '0' at 312,313 center front font ',9' textcolor '#444444'
set label '… 4' at 361,342 center front font ',10' textcolor '#666666'
set label '1' at 361,313 center front font ',9' textcolor '#444444'
set label 'q4?' at 581,144 center front font ',10' textcolor '#222222'
set label '1' at 581,115 center front font ',9' textcolor '#444444'
set label 'q9?' at 483,210 center front font ',10' textcolor '#222222'
set label '0' at 483,181 center front font ',9' textcolor '#444444'
set label 'q19?' at 434,276 center front font ',10' textcolor '#222222'
set label '0' at 434,247 center front font ',9' textcolor '#444444'
set label '… 4' at 410,342 center front font ',10' textcolor '#666666'
set label '0' at 410,313 center front font ',9' textcolor '#444444'
set label '… 4' at 459,342 center front font ',10' textcolor '#666666'
set label '1' at 459,313 center front font ',9' textcolor '#444444'
set label 'q20?' at 532,276 center front font ',10' textcolor '#222222'
set label '1' at 532,247 center front font ',9' textcolor '#444444'
set label '… 4' at 508,342 center front font ',10' textcolor '#666666'
set label '0' at 508,313 center front font ',9' textcolor '#444444'
set label '… 4' at 557,342 center front font ',10' textcolor '#666666'
set label '1' at 557,313 center front font ',9' textcolor '#444444'
set label 'q10?' at 679,210 center front font ',10' textcolor '#222222'
set label '1' at 679,181 center front font ',9' textcolor '#444444'
set label 'q21?' at 630,276 center front font ',10' textcolor '#222222'
set label '0' at 630,247 center front font ',9' textcolor '#444444'
set label '… 4' at 606,342 center front font ',10' textcolor '#666666'
set label '0' at 606,313 center front font ',9' textcolor '#444444'
set label '… 4' at 655,342 center front font ',10' textcolor '#666666'
set label '1' at 655,313 center front font ',9' textcolor '#444444'
set label 'q22?' at 728,276 center front font ',10' textcolor '#222222'
set label '1' at 728,247 center front font ',9' textcolor '#444444'
set label '… 4' at 704,342 center front font ',10' textcolor '#666666'
set label '0' at 704,313 center front font ',9' textcolor '#444444'
set label '… 4' at 753,342 center front font ',10' textcolor '#666666'
set label '1' at 753,313 center front font ',9' textcolor '#444444'
set label 'q2?' at 1169,78 center front font ',10' textcolor '#222222'
set label '1' at 1169,49 center front font ',9' textcolor '#444444'
set label 'q5?' at 973,144 center front font ',10' textcolor '#222222'
set label '0' at 973,115 center front font ',9' textcolor '#444444'
set label 'q11?' at 875,210 center front font ',10' textcolor '#222222'
set label '0' at 875,181 center front font ',9' textcolor '#444444'
set label 'q23?' at 826,276 center front font ',10' textcolor '#222222'
set label '0' at 826,247 center front font ',9' textcolor '#444444'
set label '… 4' at 802,342 center front font ',10' textcolor '#666666'
set label '0' at 802,313 center front font ',9' textcolor '#444444'
set label '… 4' at 851,342 center front font ',10' textcolor '#666666'
set label '1' at 851,313 center front font ',9' textcolor '#444444'
set label 'q24?' at 924,276 center front font ',10' textcolor '#222222'
set label '1' at 924,247 center front font ',9' textcolor '#444444'
set label '… 4' at 900,342 center front font ',10' textcolor '#666666'
set label '0' at 900,313 center front font ',9' textcolor '#444444'
set label '… 4' at 949,342 center front font ',10' textcolor '#666666'
set label '1' at 949,313 center front font ',9' textcolor '#444444'
set label 'q12?' at 1071,210 center front font ',10' textcolor '#222222'
set label '1' at 1071,181 center front font ',9' textcolor '#444444'
set label 'q25?' at 1022,276 center front font ',10' textcolor '#222222'
set label '0' at 1022,247 center front font ',9' textcolor '#444444'
set label '… 4' at 998,342 center front font ',10' textcolor '#666666'
set label '0' at 998,313 center front font ',9' textcolor '#444444'
set label '… 4' at 1047,342 center front font ',10' textcolor '#666666'
set label '1' at 1047,313 center front font ',9' textcolor '#444444'
set label 'q26?' at 1120,276 center front font ',10' textcolor '#222222'
set label '1' at 1120,247 center front font ',9' textcolor '#444444'
set label '… 4' at 1096,342 center front font ',10' textcolor '#666666'
set label '0' at 1096,313 center front font ',9' textcolor '#444444'
set label '… 4' at 1145,342 center front font ',10' textcolor '#666666'
set label '1' at 1145,313 center front font ',9' textcolor '#444444'
set label 'q6?' at 1365,144 center front font ',10' textcolor '#222222'
set label '1' at 1365,115 center front font ',9' textcolor '#444444'
set label 'q13?' at 1267,210 center front font ',10' textcolor '#222222'
set label '0' at 1267,181 center front font ',9' textcolor '#444444'
set label 'q27?' at 1218,276 center front font ',10' textcolor '#222222'
set label '0' at 1218,247 center front font ',9' textcolor '#444444'
set label '… 4' at 1194,342 center front font ',10' textcolor '#666666'
set label '0' at 1194,313 center front font ',9' textcolor '#444444'
set label '… 4' at 1243,342 center front font ',10' textcolor '#666666'
set label '1' at 1243,313 center front font ',9' textcolor '#444444'
set label 'q28?' at 1316,276 center front font ',10' textcolor '#222222'
set label '1' at 1316,247 center front font ',9' textcolor '#444444'
set label '… 4' at 1292,342 center front font ',10' textcolor '#666666'
set label '0' at 1292,313 center front font ',9' textcolor '#444444'
set label '… 4' at 1341,342 center front font ',10' textcolor '#666666'
set label '1' at 1341,313 center front font ',9' textcolor '#444444'
set label 'q14?' at 1463,210 center front font ',10' textcolor '#222222'
set label '1' at 1463,181 center front font ',9' textcolor '#444444'
set label 'q29?' at 1414,276 center front font ',10' textcolor '#222222'
set label '0' at 1414,247 center front font ',9' textcolor '#444444'
set label '… 4' at 1390,342 center front font ',10' textcolor '#666666'
set label '0' at 1390,313 center front font ',9' textcolor '#444444'
set label '… 4' at 1439,342 center front font ',10' textcolor '#666666'
set label '1' at 1439,313 center front font ',9' textcolor '#444444'
set label 'q30?' at 1512,276 center front font ',10' textcolor '#222222'
set label '1' at 1512,247 center front font ',9' textcolor '#444444'
set label '… 4' at 1488,342 center front font ',10' textcolor '#666666'
set label '0' at 1488,313 center front font ',9' textcolor '#444444'
set label '… 4' at 1537,342 center front font ',10' textcolor '#666666'
set label '1' at 1537,313 center front font ',9' textcolor '#444444'
set label '… n: n leaves below, not drawn' at 0,378 left font ',8' textcolor '#666666'
plot \
  $panel0_data0 using 1:2 with lines linewidth 1.2 linecolor '#888888', \
  $panel0_data1 using 1:3:1:2:3:4 with boxxyerror fillcolor '#ffffff' fillstyle solid 1 noborder, \
  $panel0_data2 using 1:3:1:2:3:4 with boxxyerror fillcolor '#dcebf5' fillstyle solid 1 border linecolor '#888888', \
  $panel0_data3 using 1:3:1:2:3:4 with boxxyerror fillcolor '#eeeeee' fillstyle solid 1 border linecolor '#888888'

