import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.openapitools.client.JSON;

public class Main {
  static void lost(JsonNode sent, JsonNode kept, String at, List<String> found) {
    boolean none = kept == null || kept.isNull();
    if (sent.isNull()) {
      if (!none) found.add(at);
    } else if (sent.isValueNode() && !none && kept.isValueNode()) {
      return; // a moment may be written otherwise, a number of a union as text
    } else if (none || sent.getNodeType() != kept.getNodeType()) {
      found.add(at);
    } else if (sent.isObject()) {
      for (Iterator<Map.Entry<String, JsonNode>> all = sent.fields(); all.hasNext(); ) {
        Map.Entry<String, JsonNode> one = all.next();
        lost(one.getValue(), kept.get(one.getKey()), at + "/" + one.getKey(), found);
      }
    } else if (sent.isArray()) {
      for (int i = 0; i < sent.size(); i++) lost(sent.get(i), kept.get(i), at + "/" + i, found);
    }
  }

  public static void main(String[] arguments) throws Exception {
    ObjectMapper mapper = new JSON().getMapper();
    JsonNode cases = new ObjectMapper().readTree(new File(arguments[0]));
    int wrong = 0;
    for (JsonNode one : cases) {
      String name = one.get("name").asText();
      List<String> faults = new ArrayList<>();
      try {
        Object value = mapper.treeToValue(one.get("value"), Class.forName("org.openapitools.client.model." + name));
        lost(one.get("value"), mapper.valueToTree(value), name, faults);
      } catch (Exception fault) {
        faults.add(name + ": " + fault.getMessage());
      }
      if (!faults.isEmpty()) {
        wrong++;
        System.out.println("wrong: " + faults.subList(0, Math.min(3, faults.size())));
      }
    }
    System.out.println((cases.size() - wrong) + " of " + cases.size() + " examples decoded and encoded again without loss");
    if (wrong > 0) System.exit(1);
  }
}
