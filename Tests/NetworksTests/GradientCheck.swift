import Autodiff
import Execution
import Tensors

/// Random numbers within +-bound.
func random(_ shape: [Int], _ stream: inout RandomStream, bound: Float = 1) -> Tensor {
  Tensor(shape: shape) { out in
    for place in out.indices { out[place] = (2 * stream.uniformFloat() - 1) * bound }
  }
}

/// The largest difference of gradients and central differences, over about `probes` numbers per
/// tensor.
///
/// `outputs` gives tensors; the function is their sum weighted with fixed random numbers, added up
/// in double precision so that differences of two values keep their digits.
func gradientError(
  _ inputs: [Tensor], probes: Int = 40, step: Float = 1e-2,
  _ outputs: ([Variable]) throws -> [Variable]
) throws -> Double {
  let sizes = try outputs(inputs.map { Variable($0) }).map(\.value.count)
  var stream = RandomStream(seed: 3, purpose: "gradient check")
  let factors = sizes.map { size in (0..<size).map { _ in 2 * stream.uniformFloat() - 1 } }
  let tape = Tape()
  let variables = inputs.map { tape.variable($0) }
  let results = try outputs(variables)
  let loss = total(zip(results, factors).map { weighted($0, $1) })
  let gradients = try tape.gradients(of: loss, for: variables)
  func value(_ changed: [Tensor]) throws -> Double {
    let results = try outputs(changed.map { Variable($0) })
    return zip(results, factors).reduce(0.0) { sum, pair in
      zip(pair.0.value.elements, pair.1).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
    }
  }
  var worst = 0.0
  for (number, input) in inputs.enumerated() {
    for place in stride(from: 0, to: input.count, by: max(1, input.count / probes)) {
      var numbers = input.elements
      func moved(_ by: Float) throws -> Double {
        numbers[place] = input.elements[place] + by
        var changed = inputs
        changed[number] = Tensor(shape: input.shape, numbers)
        return try value(changed)
      }
      // Richardson's combination of two steps: errors of order h^4.
      let near = try (moved(step) - moved(-step)) / Double(2 * step)
      let far = try (moved(2 * step) - moved(-2 * step)) / Double(4 * step)
      let slope = (4 * near - far) / 3
      worst = max(worst, abs(slope - Double(gradients[number].elements[place])))
    }
  }
  return worst
}
