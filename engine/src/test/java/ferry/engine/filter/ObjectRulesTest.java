package ferry.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ferry.engine.model.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectRulesTest {
    @ParameterizedTest
    @CsvSource({
        "shop.*, shop.orders, true",
        "shop.*, shop.*, true",
        "shop.*, Shop.orders, false",
        "shop.orders, shop.Orders, false",
        "shop.order?, shop.orders, true",
        "shop.order?, shop.order, false",
        "shop.o*r*s, shop.orders, true",
        "shop.o*r*s, shop.orderst, false",
        "shop.t[0-9], shop.t7, true",
        "shop.t[0-9], shop.tx, false",
        "shop.t[!0-9], shop.tx, true",
        "shop.t[!0-9], shop.t7, false",
        "shop.t[!0-9], shop.t, false",
        "shop.t[a-], shop.t-, true",
        "shop.t[-a], shop.t-, true",
        "shop.t[a!], shop.t!, true",
        "shop.t[a-cx-z]*, shop.ty_1, true",
        "shop.`a.b`, shop.a.b, true",
        "shop.`a*`, shop.ab, false",
        "shop.`a*`, shop.a*, true",
        "shop.`a b`*, shop.a b_1, true",
        "shop.`a``b`, shop.a`b, true",
        "`my.db`.t?, my.db.tx, true",
        "shop.?, shop.😀, true",
        "shop.[😀-😂], shop.😁, true",
    })
    void aPatternMatchesAsInTheGrammar(String rule, String name, boolean expected) {
        var database = rule.startsWith("`my.db`") ? "my.db" : name.substring(0, name.indexOf('.'));

        var matches =
                ObjectRule.parse(rule)
                        .matches(new TableName(database, name.substring(database.length() + 1)));

        assertThat(matches).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "shop.",
                ".orders",
                "shop.a.b",
                "s*.orders",
                "sh[o]p.t",
                " shop.t",
                "shop.t ",
                "shop.a b",
                "shop.a|b",
                "shop.t[",
                "shop.t]",
                "shop.t[]",
                "shop.t[!]",
                "shop.t[9-0]",
                "shop.`t",
                "shop.t=",
                "shop.t=store",
                "shop.t=a.b=c.d",
                "shop.t=store.*",
                "shop.a(b",
                "shop.a\nb",
                "``.t"
            })
    void aRuleOutsideTheGrammarIsRefused(String rule) {
        assertThatIllegalArgumentException().isThrownBy(() -> ObjectRule.parse(rule));
    }

    @Test
    void aRefusalSaysWhatToWrite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectRule.parse("shop"))
                .withMessageContaining("'shop' has no dot")
                .withMessageContaining("shop.*");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectRule.parse("shop_*.orders"))
                .withMessageContaining("the database stands for itself");
    }

    @Test
    void anyPatternAgreesWithTheRegularExpressionThatMeansTheSame() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++) {
            var rule = new StringBuilder();
            var regex = new StringBuilder();
            for (var i = random.nextInt(1, 7); i > 0; i--) {
                switch (random.nextInt(6)) {
                    case 0 -> append(rule, "*", regex, ".*");
                    case 1 -> append(rule, "?", regex, ".");
                    case 2 -> append(rule, "[a-b]", regex, "[ab]");
                    case 3 -> append(rule, "[!a]", regex, "[^a]");
                    case 4 -> append(rule, "[*]", regex, "\\*");
                    default -> {
                        var letter = String.valueOf((char) ('a' + random.nextInt(3)));
                        append(rule, letter, regex, letter);
                    }
                }
            }
            var name = new StringBuilder();
            for (var i = random.nextInt(8); i > 0; i--) {
                name.append("abc*".charAt(random.nextInt(4)));
            }

            var matches =
                    ObjectRule.parse("d." + rule).matches(new TableName("d", name.toString()));

            assertThat(matches)
                    .as("seed %d: %s on %s", seed, rule, name)
                    .isEqualTo(Pattern.matches(regex.toString(), name));
        }
    }

    @Test
    void manyStarsTakeNoExponentialTime() {
        var rule = ObjectRule.parse("d." + "a*".repeat(200) + "b");

        assertThat(rule.matches(new TableName("d", "a".repeat(5_000)))).isFalse();
    }

    @Test
    void excludedTablesAreNotSelected() {
        var rules =
                ObjectRules.parse(
                        List.of("shop.*", "crm.customer"), List.of("shop.tmp_*"), List.of());

        assertThat(rules.selects(new TableName("shop", "orders"))).isTrue();
        assertThat(rules.selects(new TableName("shop", "tmp_1"))).isFalse();
        assertThat(rules.selects(new TableName("crm", "customer"))).isTrue();
        assertThat(rules.selects(new TableName("crm", "orders"))).isFalse();
        assertThat(rules.target(new TableName("shop", "tmp_1"))).isEmpty();
    }

    @Test
    void theLinesThatDecideAreNamed() {
        var rules =
                ObjectRules.parse(
                        List.of("shop.*", "crm.?=crm.one"),
                        List.of("shop.tmp_*"),
                        List.of(Rename.parse("shop.*", "store.*")));

        assertThat(rules.decide(new TableName("shop", "orders")))
                .isEqualTo(
                        new Decision(
                                new TableName("shop", "orders"),
                                Optional.of(new TableName("store", "orders")),
                                "include shop.*, rename shop.* -> store.*"));
        assertThat(rules.decide(new TableName("crm", "a")).by()).isEqualTo("include crm.?=crm.one");
        assertThat(rules.decide(new TableName("shop", "tmp_1")))
                .isEqualTo(
                        new Decision(
                                new TableName("shop", "tmp_1"),
                                Optional.empty(),
                                "exclude shop.tmp_*"));
        assertThat(rules.decide(new TableName("other", "t")).by())
                .isEqualTo("no include rule matches");
    }

    @Test
    void theMostExactRenameWins() {
        var rules =
                ObjectRules.parse(
                        List.of("shop.*", "shop.stock=depot.stock"),
                        List.of(),
                        List.of(
                                Rename.parse("shop.orders", "store.sales"),
                                Rename.parse("shop.*", "store2.*")));

        assertThat(rules.target(new TableName("shop", "orders")))
                .contains(new TableName("store", "sales"));
        assertThat(rules.target(new TableName("shop", "stock")))
                .contains(new TableName("depot", "stock"));
        assertThat(rules.target(new TableName("shop", "users")))
                .contains(new TableName("store2", "users"));
    }

    @Test
    void rowConditionsFollowTheirTables() {
        var orders = new TableName("shop", "orders");
        var rules =
                new ObjectRules(
                        List.of(ObjectRule.parse("shop.*")),
                        List.of(),
                        List.of(Rename.parse("shop.*", "store.*")),
                        List.of(
                                RowRule.parse("shop.o*", "amount > 0"),
                                RowRule.parse("shop.orders", "amount > 1"),
                                RowRule.parse("crm.t", "v = 1")),
                        List.of());

        assertThat(rules.mapping(orders))
                .contains(
                        new TableMapping(
                                orders,
                                new TableName("store", "orders"),
                                Optional.of("amount > 0"),
                                Optional.empty()));
        assertThat(rules.mapping(new TableName("shop", "users")).orElseThrow().where()).isEmpty();
        var selection = rules.select(List.of(orders, new TableName("crm", "t")), false);
        assertThat(selection.unclear())
                .containsExactly(
                        "shop.orders has two row conditions: 'shop.o*: amount > 0' and 'shop.orders: amount > 1'");
        assertThat(selection.idle())
                .containsExactly("the row condition 'crm.t: v = 1' concerns no selected table");
    }

    @Test
    void twoTablesWithOneTargetAreAConflict() {
        var rules =
                ObjectRules.parse(
                        List.of("shop.*", "shop0.t=all.t", "shop1.*=all.t"), List.of(), List.of());

        var selection =
                rules.select(
                        List.of(
                                new TableName("shop0", "t"),
                                new TableName("shop1", "t"),
                                new TableName("shop", "t")),
                        false);

        assertThat(selection.names()).hasSize(3);
        assertThat(selection.conflicts())
                .containsExactly("shop0.t and shop1.t would both become all.t in the target");
    }

    @Test
    void namesThatDifferByLetterCaseMeetInATargetThatFoldsCase() {
        var rules = ObjectRules.all("shop");
        var tables = List.of(new TableName("shop", "orders"), new TableName("shop", "Orders"));

        assertThat(rules.select(tables, false).conflicts()).isEmpty();
        assertThat(rules.select(tables, true).conflicts()).hasSize(1);
    }

    @Test
    void aTableWithTwoTargetsIsAConflict() {
        var rules = ObjectRules.parse(List.of("shop.t*=a.x", "shop.*1=b.x"), List.of(), List.of());

        var selection = rules.select(List.of(new TableName("shop", "t1")), false);

        assertThat(selection.conflicts())
                .singleElement()
                .asString()
                .contains("a.x")
                .contains("b.x");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ObjectRules.parse(
                                List.of("shop.t*=a.x"),
                                List.of(),
                                List.of(Rename.parse("shop.t1", "shop.t2"))))
                .withMessageContaining("keep one of them");
    }

    @Test
    void rulesThatSelectNothingAreNamed() {
        var rules =
                ObjectRules.parse(
                        List.of("shop.*", "crm.*"),
                        List.of(),
                        List.of(Rename.parse("shop.nothing", "shop.something")));

        var selection = rules.select(List.of(new TableName("shop", "orders")), false);

        assertThat(selection.idle())
                .hasSize(2)
                .anyMatch(text -> text.contains("crm.*"))
                .anyMatch(text -> text.contains("shop.nothing"));
    }

    @Test
    void aRenameMixesNoTableWithADatabaseAndStandsOnce() {
        assertThatIllegalArgumentException().isThrownBy(() -> Rename.parse("shop.*", "store.t"));
        assertThatIllegalArgumentException().isThrownBy(() -> Rename.parse("shop.t?", "store.t"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ObjectRules.parse(
                                List.of("shop.*"),
                                List.of(),
                                List.of(
                                        Rename.parse("shop.t", "a.t"),
                                        Rename.parse("`shop`.t", "b.t"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ObjectRules.parse(List.of("shop.*"), List.of("shop.t=a.b"), List.of()));
    }

    private static void append(
            StringBuilder rule, String ruleText, StringBuilder regex, String regexText) {
        rule.append(ruleText);
        regex.append(regexText);
    }
}
