;; Walks through the fields of one entry of the journal's export format and notes where the values of wanted fields lie.
;; Looks at eight bytes at a time: a byte b of a word equals c where (x - 0x01..) & ~x & 0x80.. has its highest bit set,
;; x being the word with c subtracted from each byte without borrow (xor); below the first such byte nothing is set.
;; What it is given and gives: entry-walk.ts. Format: systemd, docs/JOURNAL_EXPORT_FORMATS.md.
(module
  (import "walk" "memory" (memory 1))
  ;; Where the slots (4096 x i32: a field's number or -1), the names (72 bytes each: length, 4 unused, up to 64 bytes), the
  ;; starts and the ends of the values (i32 each) and the input lie, how many fields are wanted, and the hash's factor.
  (import "walk" "slots" (global $slots i32))
  (import "walk" "names" (global $names i32))
  (import "walk" "starts" (global $starts i32))
  (import "walk" "ends" (global $ends i32))
  (import "walk" "input" (global $input i32))
  (import "walk" "fields" (global $fields i32))
  (import "walk" "factor" (global $factor i32))
  ;; From which wanted field on they tell a process, and where what is kept of processes lies: for each of these fields 64
  ;; bytes, its length (i32, -1 for an absent one), 4 unused, up to 56 bytes.
  (import "walk" "identity" (global $identity i32))
  (import "walk" "processes" (global $processes i32))

  ;; The field at which the walk stopped, and whether a value was written with its length.
  (global $stand (export "stand") (mut i32) (i32.const 0))
  (global $binary (export "binary") (mut i32) (i32.const 0))

  ;; The first $length (1 to 8) bytes at $at, the rest zero.
  (func $head (param $at i32) (param $length i32) (result i64)
    (i64.and
      (i64.load align=1 (local.get $at))
      (i64.shr_u
        (i64.const -1)
        (i64.extend_i32_u (i32.shl (i32.sub (i32.const 8) (local.get $length)) (i32.const 3))))))

  ;; Whether the $length bytes at $a and $b are the same.
  (func $same (param $a i32) (param $b i32) (param $length i32) (result i32)
    (local $at i32)
    (if (i32.le_u (local.get $length) (i32.const 8))
      (then (return (i64.eq
        (call $head (local.get $a) (local.get $length))
        (call $head (local.get $b) (local.get $length))))))
    (loop $next
      (if (i64.ne
            (i64.load align=1 (i32.add (local.get $a) (local.get $at)))
            (i64.load align=1 (i32.add (local.get $b) (local.get $at))))
        (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.le_u (i32.add (local.get $at) (i32.const 8)) (local.get $length))))
    (i64.eq
      (i64.load align=1 (i32.add (local.get $a) (i32.sub (local.get $length) (i32.const 8))))
      (i64.load align=1 (i32.add (local.get $b) (i32.sub (local.get $length) (i32.const 8))))))

  ;; The slot of a name: a hash of its last four bytes (all of a shorter one) and its length.
  (func $slot (export "slot") (param $at i32) (param $length i32) (result i32)
    (local $key i32)
    (local.set $key
      (if (result i32) (i32.lt_u (local.get $length) (i32.const 4))
        (then (i32.wrap_i64 (call $head (local.get $at) (local.get $length))))
        (else (i32.load align=1 (i32.sub (i32.add (local.get $at) (local.get $length)) (i32.const 4))))))
    (i32.shr_u
      (i32.mul (i32.add (local.get $key) (local.get $length)) (global.get $factor))
      (i32.const 20)))

  ;; Copies $length bytes.
  (func (export "copy") (param $to i32) (param $from i32) (param $length i32)
    (memory.copy (local.get $to) (local.get $from) (local.get $length)))

  (func $kept (param $slot i32) (result i32)
    (i32.add (global.get $processes) (i32.mul
      (local.get $slot)
      (i32.shl (i32.sub (global.get $fields) (global.get $identity)) (i32.const 6)))))

  ;; The length of the value whose start is noted at $at, -1 for an absent one.
  (func $length (param $at i32) (result i32)
    (if (result i32) (i32.lt_s (i32.load (local.get $at)) (i32.const 0))
      (then (i32.const -1))
      (else (i32.sub
        (i32.load (i32.add (local.get $at) (i32.sub (global.get $ends) (global.get $starts))))
        (i32.load (local.get $at))))))

  ;; Whether the entry walked through last has the same fields from $identity on as the one remembered in $slot.
  (func (export "recall") (param $slot i32) (result i32)
    (local $at i32)
    (local $last i32)
    (local $known i32)
    (local $length i32)
    (local.set $at (i32.add (global.get $starts) (i32.shl (global.get $identity) (i32.const 2))))
    (local.set $last (i32.add (global.get $starts) (i32.shl (global.get $fields) (i32.const 2))))
    (local.set $known (call $kept (local.get $slot)))
    (loop $next
      (local.set $length (call $length (local.get $at)))
      (if (i32.ne (local.get $length) (i32.load (local.get $known))) (then (return (i32.const 0))))
      (if (i32.gt_s (local.get $length) (i32.const 0))
        (then (if (i32.eqz (call $same
            (i32.add (local.get $known) (i32.const 8))
            (i32.add (i32.load (local.get $at)) (global.get $input))
            (local.get $length)))
          (then (return (i32.const 0))))))
      (local.set $known (i32.add (local.get $known) (i32.const 64)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $last))))
    (i32.const 1))

  ;; Remembers those fields; 0 where one is too long.
  (func (export "remember") (param $slot i32) (result i32)
    (local $at i32)
    (local $last i32)
    (local $known i32)
    (local $length i32)
    (local.set $at (i32.add (global.get $starts) (i32.shl (global.get $identity) (i32.const 2))))
    (local.set $last (i32.add (global.get $starts) (i32.shl (global.get $fields) (i32.const 2))))
    (local.set $known (call $kept (local.get $slot)))
    (loop $next
      (local.set $length (call $length (local.get $at)))
      (if (i32.gt_s (local.get $length) (i32.const 56)) (then (return (i32.const 0))))
      (i32.store (local.get $known) (local.get $length))
      (if (i32.gt_s (local.get $length) (i32.const 0))
        (then (memory.copy
          (i32.add (local.get $known) (i32.const 8))
          (i32.add (i32.load (local.get $at)) (global.get $input))
          (local.get $length))))
      (local.set $known (i32.add (local.get $known) (i32.const 64)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $last))))
    (i32.const 1))

  (func $forget
    (local $at i32)
    (local $last i32)
    (local.set $at (global.get $starts))
    (local.set $last (i32.add (local.get $at) (i32.shl (global.get $fields) (i32.const 2))))
    (loop $next
      (i32.store (local.get $at) (i32.const -1))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $last))))
    (global.set $binary (i32.const 0)))

  ;; Walks from $at to the blank line that ends the entry; gives where that stands, -1 where the entry does not end before
  ;; $end, -2 where it is no entry. Up to seven bytes after $end are looked at, and do not matter.
  (func (export "walk") (param $at i32) (param $end i32) (result i32)
    (local $name_end i32)
    (local $value i32)
    (local $value_end i32)
    (local $length i32)
    (local $declared i64)
    (local $word i64)
    (local $x i64)
    (local $y i64)
    (local $found i64)
    (local $key i32)
    (local $wanted i32)
    (local $known i32)
    (call $forget)
    (loop $field
      (global.set $stand (local.get $at))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const -1))))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 10)) (then (return (local.get $at))))
      ;; The name ends at the first equals sign, or newline where the value has a length.
      (local.set $name_end (local.get $at))
      (block $named
        (loop $next
          (local.set $word (i64.load align=1 (local.get $name_end)))
          (local.set $x (i64.xor (local.get $word) (i64.const 0x3d3d3d3d3d3d3d3d)))
          (local.set $y (i64.xor (local.get $word) (i64.const 0x0a0a0a0a0a0a0a0a)))
          (local.set $found
            (i64.and
              (i64.or
                (i64.and
                  (i64.sub (local.get $x) (i64.const 0x0101010101010101))
                  (i64.xor (local.get $x) (i64.const -1)))
                (i64.and
                  (i64.sub (local.get $y) (i64.const 0x0101010101010101))
                  (i64.xor (local.get $y) (i64.const -1))))
              (i64.const 0x8080808080808080)))
          (br_if $named (i64.ne (local.get $found) (i64.const 0)))
          (local.set $name_end (i32.add (local.get $name_end) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $name_end) (local.get $end)))))
      (local.set $name_end (i32.add
        (local.get $name_end)
        (i32.wrap_i64 (i64.shr_u (i64.ctz (local.get $found)) (i64.const 3)))))
      (local.set $length (i32.sub (local.get $name_end) (local.get $at)))
      (if (i32.ge_u (local.get $name_end) (local.get $end))
        (then (return (select
          (i32.const -2)
          (i32.const -1)
          (i32.gt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 64))))))
      (if (i32.or (i32.eqz (local.get $length)) (i32.gt_u (local.get $length) (i32.const 64)))
        (then (return (i32.const -2))))
      (local.set $value (i32.add (local.get $name_end) (i32.const 1)))
      (if (i32.eq (i32.load8_u (local.get $name_end)) (i32.const 61))
        (then
          (local.set $value_end (local.get $value))
          (block $ended
            (loop $next
              (local.set $x
                (i64.xor (i64.load align=1 (local.get $value_end)) (i64.const 0x0a0a0a0a0a0a0a0a)))
              (local.set $found
                (i64.and
                  (i64.and
                    (i64.sub (local.get $x) (i64.const 0x0101010101010101))
                    (i64.xor (local.get $x) (i64.const -1)))
                  (i64.const 0x8080808080808080)))
              (br_if $ended (i64.ne (local.get $found) (i64.const 0)))
              (local.set $value_end (i32.add (local.get $value_end) (i32.const 8)))
              (br_if $next (i32.lt_u (local.get $value_end) (local.get $end)))))
          (local.set $value_end (i32.add
            (local.get $value_end)
            (i32.wrap_i64 (i64.shr_u (i64.ctz (local.get $found)) (i64.const 3)))))
          (if (i32.ge_u (local.get $value_end) (local.get $end)) (then (return (i32.const -1)))))
        (else
          ;; Eight bytes of length, the value, a newline. No journal field is longer than 768 MiB (DATA_SIZE_MAX).
          (if (i32.gt_u (i32.add (local.get $value) (i32.const 8)) (local.get $end)) (then (return (i32.const -1))))
          (local.set $declared (i64.load align=1 (local.get $value)))
          (if (i64.gt_u (local.get $declared) (i64.const 805306368)) (then (return (i32.const -2))))
          (local.set $value (i32.add (local.get $value) (i32.const 8)))
          (local.set $value_end (i32.add (local.get $value) (i32.wrap_i64 (local.get $declared))))
          (if (i32.ge_u (local.get $value_end) (local.get $end)) (then (return (i32.const -1))))
          (if (i32.ne (i32.load8_u (local.get $value_end)) (i32.const 10)) (then (return (i32.const -2))))
          (global.set $binary (i32.const 1))))
      ;; Noted if the name is wanted and came for the first time.
      (block $noted
        (local.set $key
          (if (result i32) (i32.lt_u (local.get $length) (i32.const 4))
            (then (i32.wrap_i64 (call $head (local.get $at) (local.get $length))))
            (else (i32.load align=1 (i32.sub (local.get $name_end) (i32.const 4))))))
        (local.set $wanted (i32.load (i32.add
          (global.get $slots)
          (i32.shl
            (i32.shr_u
              (i32.mul (i32.add (local.get $key) (local.get $length)) (global.get $factor))
              (i32.const 20))
            (i32.const 2)))))
        (br_if $noted (i32.lt_s (local.get $wanted) (i32.const 0)))
        (local.set $known (i32.add (global.get $names) (i32.mul (local.get $wanted) (i32.const 72))))
        (br_if $noted (i32.ne (i32.load (local.get $known)) (local.get $length)))
        (br_if $noted
          (i32.eqz (call $same (i32.add (local.get $known) (i32.const 8)) (local.get $at) (local.get $length))))
        (local.set $wanted (i32.shl (local.get $wanted) (i32.const 2)))
        (br_if $noted
          (i32.ge_s (i32.load (i32.add (global.get $starts) (local.get $wanted))) (i32.const 0)))
        (i32.store
          (i32.add (global.get $starts) (local.get $wanted))
          (i32.sub (local.get $value) (global.get $input)))
        (i32.store
          (i32.add (global.get $ends) (local.get $wanted))
          (i32.sub (local.get $value_end) (global.get $input))))
      (local.set $at (i32.add (local.get $value_end) (i32.const 1)))
      (br $field))
    (unreachable))
)
