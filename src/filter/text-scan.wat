;; Which of many fixed texts stand in a stretch of bytes, sixteen positions at a time. Each text has an anchor, three bytes
;; of it; anchors are shared out among eight buckets, a bit each. Two tables of sixteen for each of the three bytes say by its
;; lower and its upper half which buckets it may belong to; where a bit is left in all six, the anchor is looked up by its
;; hash and its texts are compared. Source: "Teddy" in Hyperscan (Wang et al., NSDI 2019).
;; What it is given and gives: vector-scan.ts.
(module
  (import "scan" "memory" (memory 1))
  ;; Where things lie: the six tables; by hash of an anchor (12 bits) where the record of its first text lies, or 0; the
  ;; records of the texts, in order, each of four i32: where the next one of the same hash lies, or 0; where the text's bytes
  ;; begin; how many they are; where its anchor stands in it; the results.
  (import "scan" "tables" (global $tables i32))
  (import "scan" "heads" (global $heads i32))
  (import "scan" "records" (global $records i32))
  (import "scan" "found" (global $found i32))
  ;; How many results there is room for.
  (import "scan" "most" (global $most i32))

  ;; Whether the text of $record, its anchor at $at, stands within [$begin, $end). Written out, since V8 calls what is called.
  (func $stands (param $record i32) (param $at i32) (param $begin i32) (param $end i32) (result i32)
    (local $start i32)
    (local $length i32)
    (local.set $length (i32.load offset=8 (local.get $record)))
    (local.set $at (i32.sub (local.get $at) (i32.load offset=12 (local.get $record))))
    (if (i32.or
          (i32.lt_s (local.get $at) (local.get $begin))
          (i32.gt_s (i32.add (local.get $at) (local.get $length)) (local.get $end)))
      (then (return (i32.const 0))))
    (local.set $start (i32.load offset=4 (local.get $record)))
    (block $short
      (loop $next
        (br_if $short (i32.lt_s (local.get $length) (i32.const 8)))
        (if (i64.ne (i64.load align=1 (local.get $start)) (i64.load align=1 (local.get $at)))
          (then (return (i32.const 0))))
        (local.set $start (i32.add (local.get $start) (i32.const 8)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $length (i32.sub (local.get $length) (i32.const 8)))
        (br $next)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
    ;; Of the last bytes as many as are left; both may be read beyond them.
    (i64.eqz (i64.shl
      (i64.xor (i64.load align=1 (local.get $start)) (i64.load align=1 (local.get $at)))
      (i64.extend_i32_u (i32.shl (i32.sub (i32.const 8) (local.get $length)) (i32.const 3))))))

  ;; Writes the numbers of the texts in [$begin, $end) to the results; gives how many. Reads up to 18 bytes behind the end.
  (func (export "scan") (param $begin i32) (param $end i32) (result i32)
    (local $block i32)
    (local $at i32)
    (local $count i32)
    (local $record i32)
    (local $open i32)
    (local $bytes v128)
    (local $buckets v128)
    (local $lower0 v128) (local $upper0 v128)
    (local $lower1 v128) (local $upper1 v128)
    (local $lower2 v128) (local $upper2 v128)
    (local $half v128)
    (local.set $half (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15))
    (local.set $lower0 (v128.load (global.get $tables)))
    (local.set $upper0 (v128.load offset=16 (global.get $tables)))
    (local.set $lower1 (v128.load offset=32 (global.get $tables)))
    (local.set $upper1 (v128.load offset=48 (global.get $tables)))
    (local.set $lower2 (v128.load offset=64 (global.get $tables)))
    (local.set $upper2 (v128.load offset=80 (global.get $tables)))
    (local.set $block (local.get $begin))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $block) (local.get $end)))
        (local.set $bytes (v128.load align=1 (local.get $block)))
        (local.set $buckets (v128.and
          (i8x16.swizzle (local.get $lower0) (v128.and (local.get $bytes) (local.get $half)))
          (i8x16.swizzle (local.get $upper0) (i8x16.shr_u (local.get $bytes) (i32.const 4)))))
        (local.set $bytes (v128.load offset=1 align=1 (local.get $block)))
        (local.set $buckets (v128.and (local.get $buckets) (v128.and
          (i8x16.swizzle (local.get $lower1) (v128.and (local.get $bytes) (local.get $half)))
          (i8x16.swizzle (local.get $upper1) (i8x16.shr_u (local.get $bytes) (i32.const 4))))))
        (local.set $bytes (v128.load offset=2 align=1 (local.get $block)))
        (local.set $buckets (v128.and (local.get $buckets) (v128.and
          (i8x16.swizzle (local.get $lower2) (v128.and (local.get $bytes) (local.get $half)))
          (i8x16.swizzle (local.get $upper2) (i8x16.shr_u (local.get $bytes) (i32.const 4))))))
        (if (v128.any_true (local.get $buckets))
          (then
            (local.set $open (i32.xor
              (i8x16.bitmask (i8x16.eq (local.get $buckets) (v128.const i64x2 0 0)))
              (i32.const 0xffff)))
            (loop $each
              (local.set $at (i32.add (local.get $block) (i32.ctz (local.get $open))))
              (local.set $open (i32.and (local.get $open) (i32.sub (local.get $open) (i32.const 1))))
              (local.set $record (i32.load (i32.add
                (global.get $heads)
                (i32.and
                  (i32.shr_u
                    (i32.mul
                      (i32.and (i32.load align=1 (local.get $at)) (i32.const 0xffffff))
                      (i32.const 0x9e3779b1))
                    (i32.const 18))
                  (i32.const 0x3ffc)))))
              (block $none
                (loop $same
                  (br_if $none (i32.eqz (local.get $record)))
                  (if (call $stands (local.get $record) (local.get $at) (local.get $begin) (local.get $end))
                    (then
                      (i32.store
                        (i32.add (global.get $found) (i32.shl (local.get $count) (i32.const 2)))
                        (i32.shr_u (i32.sub (local.get $record) (global.get $records)) (i32.const 4)))
                      (local.set $count (i32.add (local.get $count) (i32.const 1)))
                      (if (i32.eq (local.get $count) (global.get $most)) (then (return (local.get $count))))))
                  (local.set $record (i32.load (local.get $record)))
                  (br $same)))
              (br_if $each (local.get $open)))))
        (local.set $block (i32.add (local.get $block) (i32.const 16)))
        (br $next)))
    (local.get $count)))
