;; The short texts met last, a slot for each that its bytes hash to. What it is given and gives: known-texts.ts.
(module
  (import "known" "memory" (memory 1))
  ;; Where the slots begin: 48 bytes each, the length and 40 of text, behind which zeros stand up to a multiple of eight.
  (import "known" "slots" (global $slots i32))

  ;; The last $length bytes, one to eight, of the eight before $end; the others are zero.
  (func $tail (param $end i32) (param $length i32) (result i64)
    (i64.shr_u
      (i64.load align=1 (i32.sub (local.get $end) (i32.const 8)))
      (i64.extend_i32_u (i32.shl (i32.sub (i32.const 8) (local.get $length)) (i32.const 3)))))

  ;; The slot of the text in [$start, $end), of one to forty bytes: its number, or, where another text was in it and has
  ;; been replaced, the number's complement. Eight bytes before $start may be read.
  (func (export "find") (param $start i32) (param $end i32) (result i32)
    (local $length i32)
    (local $rest i32)
    (local $at i32)
    (local $slot i32)
    (local $number i32)
    (local $last i64)
    (local.set $length (i32.sub (local.get $end) (local.get $start)))
    ;; What is behind the last whole eight.
    (local.set $rest (i32.add (i32.and (i32.sub (local.get $length) (i32.const 1)) (i32.const 7)) (i32.const 1)))
    (local.set $last (call $tail (local.get $end) (local.get $rest)))
    (local.set $number
      (i32.wrap_i64
        (i64.shr_u
          (i64.mul
            (i64.xor
              (i64.xor
                (local.get $last)
                (if (result i64) (i32.gt_u (local.get $length) (i32.const 8))
                  (then
                    (i64.rotl
                      (i64.load align=1 (i32.sub (i32.sub (local.get $end) (local.get $rest)) (i32.const 8)))
                      (i64.const 23)))
                  (else (i64.const 0))))
              (i64.extend_i32_u (local.get $length)))
            (i64.const 0x9e3779b97f4a7c15))
          (i64.const 54))))
    (local.set $slot (i32.add (global.get $slots) (i32.mul (local.get $number) (i32.const 48))))
    (block $differs
      (br_if $differs (i32.ne (i32.load (local.get $slot)) (local.get $length)))
      (local.set $at (i32.sub (local.get $length) (local.get $rest)))
      (br_if $differs (i64.ne (i64.load offset=8 (i32.add (local.get $slot) (local.get $at))) (local.get $last)))
      (loop $next
        (if (i32.eqz (local.get $at)) (then (return (local.get $number))))
        (local.set $at (i32.sub (local.get $at) (i32.const 8)))
        (br_if $next
          (i64.eq
            (i64.load offset=8 (i32.add (local.get $slot) (local.get $at)))
            (i64.load align=1 (i32.add (local.get $start) (local.get $at)))))))
    (i32.store (local.get $slot) (local.get $length))
    (local.set $at (i32.sub (local.get $length) (local.get $rest)))
    (i64.store offset=8 (i32.add (local.get $slot) (local.get $at)) (local.get $last))
    (loop $copy
      (if (local.get $at)
        (then
          (local.set $at (i32.sub (local.get $at) (i32.const 8)))
          (i64.store offset=8 (i32.add (local.get $slot) (local.get $at))
            (i64.load align=1 (i32.add (local.get $start) (local.get $at))))
          (br $copy))))
    (i32.xor (local.get $number) (i32.const -1))))
