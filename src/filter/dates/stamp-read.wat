;; The minutes, seconds and milliseconds of a stamp whose other characters are known, from the bytes of its line.
;; What it is given and gives: stamp-reader.ts.
(module
  (import "stamp" "memory" (memory 1))

  ;; Whether $length bytes are the same.
  (func $same (param $left i32) (param $right i32) (param $length i32) (result i32)
    (block $short
      (loop $next
        (br_if $short (i32.lt_s (local.get $length) (i32.const 8)))
        (if (i64.ne (i64.load align=1 (local.get $left)) (i64.load align=1 (local.get $right)))
          (then (return (i32.const 0))))
        (local.set $left (i32.add (local.get $left) (i32.const 8)))
        (local.set $right (i32.add (local.get $right) (i32.const 8)))
        (local.set $length (i32.sub (local.get $length) (i32.const 8)))
        (br $next)))
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $length)))
        (if (i32.ne (i32.load8_u (local.get $left)) (i32.load8_u (local.get $right)))
          (then (return (i32.const 0))))
        (local.set $left (i32.add (local.get $left) (i32.const 1)))
        (local.set $right (i32.add (local.get $right) (i32.const 1)))
        (local.set $length (i32.sub (local.get $length) (i32.const 1)))
        (br $each)))
    (i32.const 1))

  ;; The number of the two digits at $at, below sixty; else one of sixty or more.
  (func $sixty (param $at i32) (result i32)
    (local $tens i32)
    (local $ones i32)
    (local.set $tens (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)))
    (local.set $ones (i32.sub (i32.load8_u offset=1 (local.get $at)) (i32.const 48)))
    (if (i32.or (i32.gt_u (local.get $tens) (i32.const 5)) (i32.gt_u (local.get $ones) (i32.const 9)))
      (then (return (i32.const 60))))
    (i32.add (i32.mul (local.get $tens) (i32.const 10)) (local.get $ones)))

  ;; Milliseconds since the hour began, of the line in [$begin, $end); -1 where it is of another shape. At $layout: how long
  ;; head and tail are, how many digits the fraction has, what stands before it, an i32 each; from 16 on the head, from 80 on
  ;; the tail.
  (func (export "read") (param $layout i32) (param $begin i32) (param $end i32) (result i32)
    (local $at i32)
    (local $fraction i32)
    (local $minutes i32)
    (local $seconds i32)
    (local $digit i32)
    (local $worth i32)
    (local $ms i32)
    (local.set $at (i32.add (local.get $begin) (i32.load (local.get $layout))))
    (local.set $fraction (i32.load offset=8 (local.get $layout)))
    (if (i32.gt_s
          (i32.add
            (i32.add (i32.add (local.get $at) (i32.const 5)) (i32.load offset=4 (local.get $layout)))
            (select
              (i32.add (local.get $fraction) (i32.const 1))
              (i32.const 0)
              (local.get $fraction)))
          (local.get $end))
      (then (return (i32.const -1))))
    (if (i32.eqz (call $same
          (i32.add (local.get $layout) (i32.const 16))
          (local.get $begin)
          (i32.load (local.get $layout))))
      (then (return (i32.const -1))))
    (local.set $minutes (call $sixty (local.get $at)))
    (local.set $seconds (call $sixty (i32.add (local.get $at) (i32.const 3))))
    (if (i32.or
          (i32.or
            (i32.ge_u (local.get $minutes) (i32.const 60))
            (i32.ge_u (local.get $seconds) (i32.const 60)))
          (i32.ne (i32.load8_u offset=2 (local.get $at)) (i32.const 58)))
      (then (return (i32.const -1))))
    (local.set $at (i32.add (local.get $at) (i32.const 5)))
    (if (local.get $fraction)
      (then
        (if (i32.ne (i32.load8_u (local.get $at)) (i32.load offset=12 (local.get $layout)))
          (then (return (i32.const -1))))
        (local.set $worth (i32.const 100))
        (loop $next
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)))
          (if (i32.gt_u (local.get $digit) (i32.const 9)) (then (return (i32.const -1))))
          (local.set $ms (i32.add (local.get $ms) (i32.mul (local.get $digit) (local.get $worth))))
          (local.set $worth (i32.div_u (local.get $worth) (i32.const 10)))
          (local.set $fraction (i32.sub (local.get $fraction) (i32.const 1)))
          (br_if $next (local.get $fraction)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (if (i32.eqz (call $same
          (i32.add (local.get $layout) (i32.const 80))
          (local.get $at)
          (i32.load offset=4 (local.get $layout))))
      (then (return (i32.const -1))))
    (i32.add
      (i32.mul
        (i32.add (i32.mul (local.get $minutes) (i32.const 60)) (local.get $seconds))
        (i32.const 1000))
      (local.get $ms))))
