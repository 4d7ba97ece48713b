/// How iterations of EM come to their end faster.
public enum Acceleration: String, CaseIterable, Sendable {
  /// Plain EM: each iteration goes on from the M-step of the one before.
  case plain = "none"

  /// Anderson's acceleration: each iteration goes on from where the last few
  /// point to. Where F would fall, it goes on as plain EM does, so F never
  /// falls. It leads to the same F in a tenth of the iterations, or fewer
  /// (docs/guides/acceleration.md). Partial E-steps (``EStep/neighbourhood(_:)``)
  /// have none: a step in vain would change what they keep.
  case anderson
}
