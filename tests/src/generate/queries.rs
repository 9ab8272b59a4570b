//! Queries over generated lists.

use super::{Generator, ROUNDS, Ty, Variable};

impl Generator {
    /// What a row's expressions cost counts as often as there are rows.
    fn in_rows<T>(&mut self, rows: &[(String, Ty)], write: impl FnOnce(&mut Self) -> T) -> T {
        let outside = self.variables.clone();
        for (name, ty) in rows {
            self.bind(Variable::fixed(name, ty.clone()));
        }
        self.repeats *= ROUNDS;
        let result = write(self);
        self.repeats /= ROUNDS;
        self.variables = outside;
        result
    }

    /// A value to select. An aggregate there would make the query a single number.
    fn selected(&mut self, ty: &Ty, depth: usize) -> String {
        let value = self.expr(ty, depth);
        let aggregate = ["sum(", "min(", "max(", "count(", "avg("].iter().any(|name| value.starts_with(name));
        if aggregate { format!("keep({value})") } else { value }
    }

    /// A query for a list: the select clause has values of the wanted type.
    pub(super) fn list_query(&mut self, element: &Ty, depth: usize) -> String {
        let (source, row) = self.source(depth);
        let x = self.name("x");
        let rows = [(x.clone(), row.clone())];
        match self.random.below(6) {
            0 => self.join(element, (&source, &x, &row), depth),
            1 if *element == Ty::Int => self.group(&source, &x, &row),
            2 => {
                let (second, other) = (self.source(0), self.name("x"));
                let both = [rows[0].clone(), (other.clone(), second.1)];
                let (filter, value) =
                    self.in_rows(&both, |this| (this.expr(&Ty::Bool, 1), this.selected(element, depth.min(1))));
                format!("(from {x} in {source} from {other} in {} where {filter} select {value})[0:20]", second.0)
            }
            _ => {
                let mut text = format!("(from {x} in {source}");
                if self.random.chance(60) {
                    let filter = self.in_rows(&rows, |this| this.expr(&Ty::Bool, 1));
                    text += &format!(" where {filter}");
                }
                if self.random.chance(40) {
                    let key = self.in_rows(&rows, |this| match this.random.below(3) {
                        0 => format!("-{}", this.expr(&Ty::Int, 0)),
                        1 => this.expr(&Ty::Str, 0),
                        _ => format!("[{}, {}]", this.expr(&Ty::Int, 0), this.expr(&Ty::Int, 1)),
                    });
                    text += &format!(" sort by {key}");
                }
                if self.random.chance(25) {
                    text += &format!(" skip {}", self.random.below(3));
                }
                if self.random.chance(25) {
                    text += &format!(" take {}", self.random.below(4));
                }
                let distinct = if self.random.chance(20) { "distinct " } else { "" };
                let value = self.in_rows(&rows, |this| this.selected(element, depth));
                format!("{text} select {distinct}{value})")
            }
        }
    }

    /// A list with its element type.
    fn source(&mut self, depth: usize) -> (String, Ty) {
        let element = match self.random.below(4) {
            0 => Ty::Record(self.random.below(self.records.len())),
            1 => Ty::Str,
            _ => Ty::Int,
        };
        let list = self.expr(&Ty::List(Box::new(element.clone())), depth.min(1));
        (format!("({list})[0:8]"), element)
    }

    fn join(&mut self, element: &Ty, (source, x, row): (&str, &str, &Ty), depth: usize) -> String {
        let y = self.name("x");
        let other = self.expr(&Ty::List(Box::new(row.clone())), depth.min(1));
        let rows = [(x.to_owned(), row.clone()), (y.clone(), row.clone())];
        let condition = match row {
            Ty::Record(_) => format!("{x}.f0 == {y}.f0"),
            _ => format!("{x} == {y}"),
        };
        if *row == Ty::Int && *element == Ty::Int && self.random.chance(40) {
            return format!(
                "(from {x} in {source} left join {y} in {other} on {condition} select {x} % 100 + ({y} ?? 5) % 100)"
            );
        }
        let value = self.in_rows(&rows, |this| this.selected(element, depth.min(1)));
        format!("(from {x} in {source} join {y} in ({other})[0:8] on {condition} select {value})")
    }

    fn group(&mut self, source: &str, x: &str, row: &Ty) -> String {
        let g = self.name("g");
        let rows = [(x.to_owned(), row.clone())];
        let key = self.in_rows(&rows, |this| match this.random.below(2) {
            0 => format!("{} % 3", this.expr(&Ty::Int, 1)),
            _ => this.expr(&Ty::Str, 1),
        });
        let having = if self.random.chance(30) { format!(" having count({g}) > 1") } else { String::new() };
        let sort = if self.random.chance(30) { format!(" sort by -count({g})") } else { String::new() };
        let value = match row {
            Ty::Int => format!("sum(from y in {g} select y % 100)"),
            _ => format!("len({g})"),
        };
        format!("(from {x} in {source} group by {key} into {g}{having}{sort} select {value})")
    }

    /// A query for one number.
    pub(super) fn number_query(&mut self, depth: usize) -> String {
        let (source, row) = self.source(depth);
        let x = self.name("x");
        let rows = [(x.clone(), row)];
        let (filter, value) = self.in_rows(&rows, |this| (this.expr(&Ty::Bool, 1), this.expr(&Ty::Int, 1)));
        let name = self.random.pick(&["sum", "count", "max", "min"]);
        match self.random.below(2) {
            0 => format!("(from {x} in {source} where {filter} select {name}({value} % 1000))"),
            _ => format!("{name}(from {x} in {source} where {filter} select {value} % 1000)"),
        }
    }
}
