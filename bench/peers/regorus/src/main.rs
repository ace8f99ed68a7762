//! Nanoseconds that regorus' virtual machine takes for one evaluation, and on the next line what it answers:
//! `program QUERY INPUT.json MODULE.rego…`.
use std::{env, error::Error, fs, time::Instant};

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [query, input, modules @ ..] = args.as_slice() else {
        return Err("usage: QUERY INPUT.json MODULE.rego...".into());
    };
    let mut engine = Engine::new();
    engine.set_rego_v0(true);
    for path in modules {
        engine.add_policy(path.clone(), fs::read_to_string(path)?)?;
    }
    let rule: Rc<str> = query.as_str().into();
    let policy = engine.compile_with_entrypoint(&rule)?;
    let program = Compiler::compile_from_policy(&policy, &[query.as_str()])?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    let value = Value::from_json_str(&fs::read_to_string(input)?)?;
    let mut run = || -> Result<Value, Box<dyn Error + Send + Sync>> {
        machine.set_input(value.clone());
        Ok(machine.execute_entry_point_by_name(query)?)
    };
    let warm = Instant::now();
    while warm.elapsed().as_millis() < 50 {
        run()?;
    }
    let begin = Instant::now();
    let mut count = 0u32;
    while begin.elapsed().as_millis() < 100 {
        for _ in 0..100 {
            run()?;
        }
        count += 100;
    }
    println!("{}", begin.elapsed().as_nanos() as f64 / f64::from(count));
    println!("{}", run()?.to_json_str()?);
    Ok(())
}
