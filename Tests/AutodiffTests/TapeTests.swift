import Execution
import Tensors
import Testing

@testable import Autodiff

@Suite struct TapeTests {
  @Test func constantsLeaveNoTrace() throws {
    let a = Variable(Tensor([1, 2]))
    #expect(try !a.adding(a).exp().sum().isTraced)
  }

  @Test func unreachedVariablesGetZero() throws {
    let tape = Tape()
    let (x, y) = (tape.variable(Tensor([1, 2])), tape.variable(Tensor(3)))
    let found = try tape.gradients(of: x.sum(), for: [x, y])
    #expect(found[0].elements == [1, 1])
    #expect(found[1] == Tensor(0))
  }

  @Test func innerVariablesKeepTheirGradient() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([1, 2]))
    let y = x.multiplied(by: 3)
    let found = try tape.gradients(of: y.squared().sum(), for: [x, y])
    #expect(found[0].elements == [18, 36])
    #expect(found[1].elements == [6, 12])
  }

  @Test func resultMustBeOneNumber() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([1, 2]))
    #expect(throws: Failure.self) { try tape.gradients(of: x, for: [x]) }
  }

  @Test func tapeIsFreed() throws {
    weak var kept: Tape?
    do {
      let tape = Tape()
      kept = tape
      let x = tape.variable(Tensor([1, 2]))
      let parts = try [x.exp(), x.multiplied(by: x), x.max()].map { try $0.sum() }
      _ = try tape.gradients(of: try Variable.stack(parts).sum(), for: [x])
    }
    #expect(kept == nil)
  }

  private final class Counter: GradientGatherer {
    var shares: [Tensor] = []
    var isShared: Bool { false }

    func absorb(_ other: any GradientGatherer) {
      if let other = other as? Counter { shares += other.shares }
    }

    func collect() throws -> [Tensor?] {
      defer { shares = [] }
      return [try shares.dropFirst().reduce(shares[0]) { try $0.adding($1) }]
    }
  }

  /// x + x^2 + x^3, each term by an operation that leaves its share with the same object.
  private func powers(_ x: Variable, _ made: inout Int) throws -> [Variable] {
    try (1...3).map { exponent in
      let (shared, gatherer) = Tape.gathering("powers", parents: [x]) {
        made += 1
        return Counter()
      }
      let slope = try x.value.raised(to: Float(exponent - 1)).multiplied(by: Float(exponent))
      return Tape.record(try x.value.raised(to: Float(exponent)), parents: [shared]) {
        gatherer.shares.append(try $0.multiplied(by: slope))
        return [Tensor(0)]
      }
    }
  }

  @Test func sharesAreGatheredOnceForAllOperations() throws {
    weak var kept: Tape?
    do {
      let tape = Tape()
      kept = tape
      let x = tape.variable(Tensor([2, 3]))
      var made = 0
      let terms = try powers(x, &made)
      let sum = try terms[0].adding(terms[1]).adding(terms[2]).sum()
      for _ in 0..<2 {
        #expect(try tape.gradients(of: sum, for: [x])[0].elements == [17, 34])
      }
      #expect(try tape.gradients(of: try terms[1].sum(), for: [x])[0].elements == [4, 6])
      #expect(made == 1)
      #expect(try powers(Variable(Tensor([2])), &made).allSatisfy { !$0.isTraced })
    }
    #expect(kept == nil)
  }
}
